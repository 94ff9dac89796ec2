using System.Diagnostics;
using System.Globalization;
using LlmKit.Calls;

namespace LlmKit.Observability.Traces;

/// <summary>Keeps spans beside the calls: tools, retrievals, agents and workflows of LlmKit's own, and those of other sources that are named.</summary>
/// <remarks>Thread-safe. Chats and attempts of LlmKit's own are no spans here: their records tell more, and what was said of a chat stands among its scores. Texts are kept of those spans alone of which LlmKit wrote them itself: nobody redacted others.</remarks>
internal sealed class SpanRecorder : ISpanKeeper, IDisposable
{
    private readonly CallRecorder _recorder;
    private readonly HashSet<string> _sources;
    private readonly ActivityListener _listener;

    public SpanRecorder(CallRecorder recorder, TraceStoreOptions options)
    {
        _recorder = recorder;
        KeepsTexts = options.KeepContent;
        _sources = new(options.Sources, StringComparer.Ordinal);
        _listener = new()
        {
            ShouldListenTo = source => source.Name == LlmKitDiagnostics.ActivitySourceName || _sources.Contains(source.Name),
            Sample = static (ref ActivityCreationOptions<ActivityContext> span) => Wants(span.Source.Name, span.Name) ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = Keep,
        };
        ActivitySource.AddActivityListener(_listener);
        SpanKeepers.Add(this);
    }

    public bool KeepsTexts { get; }

    public void Dispose()
    {
        SpanKeepers.Remove(this);
        _listener.Dispose();
    }

    public void Keep(Activity span)
    {
        try
        {
            if (Wants(span.Source.Name, span.OperationName))
                _recorder.Add(RecordOf(span), span, KeepsTexts ? SpanTexts.Find(span)?.Length ?? 0 : 0);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The application's span has ended well all the same.
            TraceTelemetry.Dropped("store_failed");
        }
    }

    private static bool Wants(string source, string name) => source != LlmKitDiagnostics.ActivitySourceName
        || !(name.StartsWith("chat", StringComparison.Ordinal) || name.StartsWith("attempt ", StringComparison.Ordinal) || name.StartsWith("evaluate ", StringComparison.Ordinal));

    private static TraceRecord RecordOf(Activity span)
    {
        var identity = LlmScope.Current?.Identity ?? default;
        var operation = Text(span, "gen_ai.operation.name");
        var failed = span.Status == ActivityStatusCode.Error;
        return new()
        {
            Id = $"{span.TraceId.ToHexString()}-{span.SpanId.ToHexString()}",
            TraceId = span.TraceId.ToHexString(),
            SpanId = span.SpanId.ToHexString(),
            ParentSpanId = span.ParentSpanId == default ? null : span.ParentSpanId.ToHexString(),
            Kind = KindOf(operation),
            Name = span.DisplayName,
            StartedAt = span.StartTimeUtc,
            Duration = span.Duration,
            Feature = Text(span, LlmKitDiagnostics.FeatureTag) ?? identity.Feature,
            Tenant = Text(span, LlmKitDiagnostics.TenantTag) ?? identity.Tenant,
            User = Text(span, LlmKitDiagnostics.UserTag) ?? identity.User,
            Conversation = Text(span, "gen_ai.conversation.id"),
            Provider = Text(span, "gen_ai.provider.name"),
            RequestModel = Text(span, "gen_ai.request.model"),
            ResponseModel = Text(span, "gen_ai.response.model"),
            Status = failed ? CallStatus.Failed : CallStatus.Completed,
            ErrorType = Text(span, "error.type"),
            // An agent's and a workflow's usage is the sum of their calls', which have records of their own.
            Usage = KindOf(operation) is TraceKind.Agent or TraceKind.Workflow ? default : new() { Input = Number(span, "gen_ai.usage.input_tokens"), Output = Number(span, "gen_ai.usage.output_tokens") },
        };
    }

    private static TraceKind KindOf(string? operation) => operation switch
    {
        "chat" or "text_completion" or "generate_content" => TraceKind.Chat,
        "embeddings" => TraceKind.Embeddings,
        "retrieval" => TraceKind.Retrieval,
        "execute_tool" => TraceKind.Tool,
        "invoke_agent" or "create_agent" => TraceKind.Agent,
        "invoke_workflow" => TraceKind.Workflow,
        _ => TraceKind.Other,
    };

    private static string? Text(Activity span, string name) => span.GetTagItem(name) as string;

    private static long Number(Activity span, string name) => span.GetTagItem(name) is { } value and (int or long) ? Math.Max(0, Convert.ToInt64(value, CultureInfo.InvariantCulture)) : 0;
}
