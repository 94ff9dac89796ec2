using System.Diagnostics;
using System.Diagnostics.Metrics;
using LlmKit.Calls;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>What depends on who listens in the whole process, and so cannot run beside other tests.</summary>
[NonParallelizable]
public class TracingSwitchedOffTests
{
    private static readonly ChatMessage[] Messages = [new(ChatRole.User, "hello")];

    [Test]
    public async Task Call_NobodyListens_InnerTaskAndStreamAreReturnedAndNothingIsAllocated()
    {
        var model = new ReadyClient();
        var (tracer, options, call) = await OpenAsync(model);

        Assert.That(tracer.RespondAsync(Messages, options, call, default).AsTask(), Is.SameAs(model.Answer));
        Assert.That(tracer.StreamAsync(Messages, options, call, default), Is.SameAs(model.Stream));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            _ = tracer.RespondAsync(Messages, options, call, default);
            _ = tracer.StreamAsync(Messages, options, call, default);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000));
    }

    [Test]
    public async Task Call_OnlyMetrics_AllocatesLittle()
    {
        using var recorder = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        recorder.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        recorder.SetMeasurementEventCallback<long>((_, _, _, _) => { });
        recorder.Start();
        var (tracer, options, call) = await OpenAsync(new ReadyClient());

        Assert.That(AllocatedBy(tracer, options, call, 100), Is.LessThanOrEqualTo(100));
    }

    [Test]
    public async Task Call_SpanWithoutContent_AllocatesWithinItsBound()
    {
        using var recorder = new TelemetryRecorder(metrics: false);
        var (tracer, options, call) = await OpenAsync(new ReadyClient());

        Assert.That(AllocatedBy(tracer, options, call, 1_200), Is.LessThanOrEqualTo(1_200));
    }

    [Test]
    public async Task Call_PropagationOnly_SpanHasNoTagsOfOurs()
    {
        var stopped = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LlmKitDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
            ActivityStopped = stopped.Add,
        };
        ActivitySource.AddActivityListener(listener);
        var traced = new TracedPipeline { Options = options => options.CaptureContent = true };

        var text = await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed: true);

        Assert.That(text, Is.EqualTo("hi"));
        Assert.That(stopped.Single().TagObjects.Select(tag => tag.Key), Has.None.StartsWith("llmkit.").And.None.StartsWith("gen_ai.input"));
    }

    [Test]
    public async Task Call_ListenersThrow_CallGoesOn([Values] bool alone, [Values] bool streamed)
    {
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LlmKitDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => throw new InvalidOperationException("started"),
            ActivityStopped = _ => throw new InvalidOperationException("stopped"),
        };
        ActivitySource.AddActivityListener(activities);
        using var meters = new MeterListener { InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument) };
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("measured"));
        meters.Start();
        var traced = new TracedPipeline();

        var text = await traced.AskAsync(traced.Build(alone, ScriptedAnswer.Text("a", "b")), streamed);

        Assert.That(text, Is.EqualTo("ab"));
        Assert.That(Activity.Current, Is.Null);
    }

    [Test]
    public async Task Work_ListenersThrow_GoesOn([Values] bool next, [Values] bool spans)
    {
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => spans && source.Name == LlmKitDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => throw new InvalidOperationException("started"),
            ActivityStopped = _ => throw new InvalidOperationException("stopped"),
        };
        ActivitySource.AddActivityListener(activities);
        using var meters = new MeterListener { InstrumentPublished = ListenToOurs };
        meters.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("measured"));
        meters.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException("counted"));
        meters.Start();
        var options = new TracingOptions { Profile = next ? SemanticConventions.Next : SemanticConventions.Version141 };
        var tool = LlmTrace.Traced(AIFunctionFactory.Create(() => "done", "tool"), options);
        var generator = LlmTrace.Traced(new FixedEmbeddingGenerator(5), options);

        using (LlmTrace.BeginAgent("agent", options: options))
        {
            using var retrieval = LlmTrace.BeginRetrieval("manuals", options: options);
            Assert.That((await tool.InvokeAsync())!.ToString(), Is.EqualTo("done"));
            Assert.That((await generator.GenerateAsync(["text"])).Count, Is.EqualTo(1));
        }

        Assert.That(Activity.Current, Is.Null);
    }

    [Test]
    public async Task Work_StoppedListenerThrows_LeavesNoSpanBehind()
    {
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LlmKitDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = _ => throw new InvalidOperationException("stopped"),
        };
        ActivitySource.AddActivityListener(activities);
        var tool = LlmTrace.Traced(AIFunctionFactory.Create(() => "done", "tool"));

        using (var agent = LlmTrace.BeginAgent("agent"))
        {
            await tool.InvokeAsync();
            LlmTrace.BeginPlan("agent", new() { Profile = SemanticConventions.Next }).Dispose();
            Assert.That(Activity.Current, Is.SameAs(agent.Span).And.Not.Null);
        }

        Assert.That(Activity.Current, Is.Null);
    }

    [Test]
    public async Task Agent_SpansAreNotSampled_ItsCallsAreCountedAllTheSame([Values] bool streamed)
    {
        using var meters = new TelemetryRecorder(spans: false);
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LlmKitDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> span) => span.Parent.TraceId == default ? ActivitySamplingResult.PropagationData : ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(activities);
        var traced = new TracedPipeline();
        var client = traced.Build(alone: false, ScriptedAnswer.Text("a", "b"));

        using (LlmTrace.BeginAgent(traced.Name, options: new() { Profile = SemanticConventions.Next }))
            await traced.AskAsync(client, streamed);

        Assert.That(meters.Measurements("gen_ai.invoke_agent.inference_calls", "gen_ai.agent.name", traced.Name).Single().Value, Is.EqualTo(1));
    }

    [Test]
    public void Call_OnlyLogged_ItsFailureIsTold([Values] bool streamed, [Values] LogLevel least)
    {
        var log = new EventLog { Least = least };
        var traced = new TracedPipeline { Services = services => services.AddSingleton<ILoggerFactory>(new OneLog(log)) };

        Assert.That(() => traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Throws(new InvalidOperationException("no"))), streamed), Throws.InvalidOperationException);

        Assert.That(log.Records.Select(record => record.Name), least <= LogLevel.Warning ? Is.EqualTo(new[] { "gen_ai.client.operation.exception" }) : Is.Empty);
    }

    [Test]
    public async Task Call_OnlyLogged_VerdictsOfItsGuardsAreTold([Values] bool streamed, [Values] bool refused)
    {
        var log = new EventLog { Least = LogLevel.Information };
        var traced = new TracedPipeline
        {
            Services = services => services.AddSingleton<ILoggerFactory>(new OneLog(log)),
            Options = options => options.EmitEvents = refused ? false : null,
            Stages = builder => builder.UseGuardrails(rules =>
            {
                rules.DenyTerms("hello");
                rules.WhenBlocked = WhenBlocked.Answer;
            }),
        };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed);

        Assert.That(log.Records.Select(record => record.Name), refused ? Is.Empty : Is.EqualTo(new[] { "gen_ai.evaluation.result" }));
    }

    [Test]
    public async Task Stream_ManyUpdates_AllocatesNothingForEach()
    {
        using var recorder = new TelemetryRecorder(metrics: false);
        var few = await AllocatedByStreamAsync(10);
        var many = await AllocatedByStreamAsync(1_010);

        Assert.That((many - few) / 1_000, Is.LessThan(8));
    }

    /// <summary>Leaves out the runtime's own, which counts what listeners throw.</summary>
    private static void ListenToOurs(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == LlmKitDiagnostics.MeterName)
            listener.EnableMeasurementEvents(instrument);
    }

    private static async Task<long> AllocatedByStreamAsync(int updates)
    {
        var (tracer, options, call) = await OpenAsync(new ReadyClient { Updates = updates });
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            await foreach (var _ in tracer.StreamAsync(Messages, options, call, default))
                continue;
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static long AllocatedBy(TracingChatClient tracer, ChatOptions options, LlmCall call, long enough) =>
        Allocated.By(() => _ = tracer.RespondAsync(Messages, options, call, default), enough);

    /// <summary>Gives a tracer with a call that is open, as it stands inside a pipeline.</summary>
    private static async Task<(TracingChatClient Tracer, ChatOptions Options, LlmCall Call)> OpenAsync(ReadyClient model)
    {
        var traced = new TracedPipeline();
        var catcher = new ScriptedChatClient(ScriptedAnswer.Hangs());
        _ = traced.Alone(catcher).GetResponseAsync(Messages, traced.CallOptions);
        var options = (await Task.FromResult(catcher.Requests.Single())).Options!;
        Assert.That(LlmCall.TryGet(options, out var call));
        return (traced.Alone(model), options, call!);
    }
}
