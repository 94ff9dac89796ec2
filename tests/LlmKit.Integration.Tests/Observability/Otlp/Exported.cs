using LlmKit.Calls;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LlmKit.Integration.Tests.Observability.Otlp;

/// <summary>A traced pipeline whose telemetry the real SDK exports to a collector. Its name is its own, because tests run side by side.</summary>
internal sealed class Exported : IAsyncDisposable
{
    private const int MostSpans = 100_000;

    private readonly CollectorDouble _collector;
    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;
    private readonly ILoggerFactory _logs;
    private readonly ServiceProvider _services;
    private readonly List<string> _asked = [];
    private bool _flushed;

    private Exported(CollectorDouble collector, Action<TracingOptions> options, ScriptedChatClient model, Action<LlmPipelineBuilder>? stages, Sampler? sampler)
    {
        _collector = collector;
        var resource = ResourceBuilder.CreateEmpty().AddService("shop", serviceVersion: "1.2");
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(LlmKitDiagnostics.ActivitySourceName).SetSampler(sampler ?? new AlwaysOnSampler())
            .AddOtlpExporter(exporter => To(exporter, "traces")).Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(LlmKitDiagnostics.MeterName)
            .AddOtlpExporter(exporter => To(exporter, "metrics")).Build();
        _logs = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug)
            .AddOpenTelemetry(log => log.SetResourceBuilder(resource).AddOtlpExporter(exporter => To(exporter, "logs"))));
        var services = new ServiceCollection().AddSingleton(_logs);
        var pipeline = services.AddLlmPipeline(Name).AddModel("small", model, facts => facts.Price = new(1m, 10m, cachedInputPerMillion: 0.5m)).UseTracing(options);
        stages?.Invoke(pipeline);
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredKeyedService<IChatClient>(Name);
    }

    public string Name { get; } = $"p{Guid.NewGuid():n}";

    public IChatClient Client { get; }

    public LlmFeedback Feedback => _services.GetRequiredService<LlmFeedback>();

    /// <summary>Gets the records, of a pipeline with a trace store.</summary>
    public LlmTraces Traces => _services.GetRequiredService<LlmTraces>();

    public static async Task<Exported> StartAsync(Action<TracingOptions> options, ScriptedChatClient model, Action<LlmPipelineBuilder>? stages = null, Sampler? sampler = null) =>
        new(await CollectorDouble.StartAsync(), options, model, stages, sampler);

    public async Task<LlmCall> AskAsync(string prompt, bool streamed, LlmCallOptions? options = null)
    {
        LlmCall? call = null;
        options ??= new();
        options.Feature = Name;
        options.OnCompleted = closed => call = closed;
        if (streamed)
            await Client.GetStreamingResponseAsync(prompt, options).ToChatResponseAsync();
        else
            await Client.GetResponseAsync(prompt, options);
        _asked.Add(call!.Id);
        return call;
    }

    /// <summary>Exports all that is waiting, once, and gives what arrived.</summary>
    public CollectorDouble Flush()
    {
        if (_flushed)
            return _collector;
        _flushed = true;
        _traces.ForceFlush();
        _metrics.ForceFlush();
        _logs.Dispose();
        return _collector;
    }

    public OtlpSpan Chat() => Chats().Single();

    /// <summary>Gives the spans of the calls that were made, in the order in which they were asked here: ids of one millisecond have none.</summary>
    public List<OtlpSpan> Chats() =>
        [.. Flush().Spans.Where(span => Name.Equals(span.Attributes.GetValueOrDefault(LlmKitDiagnostics.PipelineTag))).OrderBy(span => _asked.IndexOf((string)span.Attributes[LlmKitDiagnostics.CallIdTag]!))];

    /// <summary>Gives what arrived below a span.</summary>
    public List<OtlpSpan> Children(OtlpSpan parent) => [.. Flush().Spans.Where(span => span.ParentId == parent.Id && span.TraceId == parent.TraceId)];

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _traces.Dispose();
        _metrics.Dispose();
        _logs.Dispose();
        await _collector.DisposeAsync();
    }

    private void To(OtlpExporterOptions exporter, string signal)
    {
        exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
        exporter.BatchExportProcessorOptions.MaxQueueSize = MostSpans;
        exporter.Endpoint = new($"{_collector.Address}/v1/{signal}");
    }
}
