using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmKit.Calls;

namespace LlmKit.Observability.Traces;

/// <summary>Keeps spans beside the calls: tools, retrievals, agents and workflows of LlmKit's own, and those of other sources that are named.</summary>
/// <remarks>Thread-safe. Chats and attempts of LlmKit's own are no spans here: their records tell more, and what was said of a chat stands among its scores. Texts are kept of those spans alone on which LlmKit wrote them itself: nobody redacted others.</remarks>
internal sealed class SpanRecorder : IDisposable
{
    private readonly CallRecorder _recorder;
    private readonly bool _keepsContent;
    private readonly HashSet<string> _sources;
    private readonly ActivityListener _listener;

    public SpanRecorder(CallRecorder recorder, TraceStoreOptions options)
    {
        _recorder = recorder;
        _keepsContent = options.KeepContent;
        _sources = new(options.Sources, StringComparer.Ordinal);
        _listener = new()
        {
            ShouldListenTo = source => source.Name == LlmKitDiagnostics.ActivitySourceName || _sources.Contains(source.Name),
            Sample = static (ref ActivityCreationOptions<ActivityContext> span) => Wants(span.Source.Name, span.Name) ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = Stopped,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    private static bool Wants(string source, string name) => source != LlmKitDiagnostics.ActivitySourceName
        || !(name.StartsWith("chat", StringComparison.Ordinal) || name.StartsWith("attempt ", StringComparison.Ordinal) || name.StartsWith("evaluate ", StringComparison.Ordinal));

    private void Stopped(Activity span)
    {
        try
        {
            if (Wants(span.Source.Name, span.OperationName))
                _recorder.Add(RecordOf(span), span);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The application's span has ended well all the same.
            TraceTelemetry.Dropped("store_failed");
        }
    }

    private TraceRecord RecordOf(Activity span)
    {
        var keepsTexts = _keepsContent && span.GetCustomProperty(LlmKitDiagnostics.CleanProperty) is not null;
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
            Documents = keepsTexts ? Json(span, "gen_ai.retrieval.documents") : null,
            Input = keepsTexts ? Said(span, "tool", "gen_ai.tool.call.arguments", "gen_ai.retrieval.query.text") : [],
            Output = keepsTexts ? Said(span, "tool", "gen_ai.tool.call.result") : [],
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

    private static TraceMessage? Json(Activity span, string name)
    {
        if (Text(span, name) is not { } text)
            return null;
        var bytes = Encoding.UTF8.GetBytes(text);
        using var _ = JsonDocument.Parse(bytes);
        return new(bytes);
    }

    private static TraceMessage[] Said(Activity span, string role, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Text(span, name) is { } text)
                return [Message(role, text)];
        }

        return [];
    }

    private static TraceMessage Message(string role, string text)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, TraceJson.Compact))
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, role);
            writer.WriteStartArray("parts"u8);
            writer.WriteStartObject();
            writer.WriteString("type"u8, "text"u8);
            writer.WriteString("content"u8, text);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return new(stream.ToArray());
    }
}
