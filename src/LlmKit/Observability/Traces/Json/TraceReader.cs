using System.Collections.Immutable;
using System.Text.Json;
using LlmKit.Calls;

namespace LlmKit.Observability.Traces;

/// <summary>Reads what <see cref="TraceJson"/> wrote. What it does not know it passes over, so that older versions read newer files.</summary>
internal static class TraceReader
{
    /// <summary>Reads a record without its texts.</summary>
    /// <exception cref="JsonException">It is no record.</exception>
    public static TraceSummary Summary(JsonElement json) => Fill(json, new TraceSummary { Id = Id(json), TraceId = "", Name = "", StartedAt = default });

    /// <summary>Reads a record whose texts are known by their hashes.</summary>
    /// <param name="json">The record.</param>
    /// <param name="find">Gives the text of a hash; <see langword="null"/> when it is lost.</param>
    /// <exception cref="JsonException">It is no record.</exception>
    public static TraceRecord Record(JsonElement json, Func<string, TraceMessage?> find)
    {
        var record = (TraceRecord)Fill(json, new TraceRecord { Id = Id(json), TraceId = "", Name = "", StartedAt = default });
        var lost = false;
        var read = record with
        {
            Options = Content("options"),
            Instructions = Content("instructions"),
            Tools = Content("tools"),
            Prompt = Content("prompt"),
            PromptVariables = Content("promptVariables"),
            Documents = Content("documents"),
            Input = Contents("input"),
            Output = Contents("output"),
            Attributes = Map(json, "attributes"),
            DroppedMessages = (int)Number(json, "droppedMessages"),
            IsRedacted = json.TryGetProperty("isRedacted", out var isRedacted) && isRedacted.GetBoolean(),
        };
        return lost ? read with { IsIncomplete = true, LacksTexts = true } : read;

        TraceMessage? Content(string name) => json.TryGetProperty(name, out var hash) ? Found(hash.GetString()!) : null;

        IReadOnlyList<TraceMessage> Contents(string name) =>
            json.TryGetProperty(name, out var hashes) ? [.. hashes.EnumerateArray().Select(hash => Found(hash.GetString()!)).OfType<TraceMessage>()] : [];

        TraceMessage? Found(string hash)
        {
            var found = find(hash);
            lost |= found is null;
            return found;
        }
    }

    public static TraceScore Score(JsonElement json) => new(
        json.GetProperty("value").GetDouble(), json.GetProperty("at").GetDateTimeOffset(), Text(json, "label"), Text(json, "name") ?? "", Text(json, "source") ?? "");

    private static string Id(JsonElement json) => Text(json, "id") ?? throw new JsonException("The record has no id.");

    private static TraceSummary Fill(JsonElement json, TraceSummary empty) => empty with
    {
        TraceId = Text(json, "traceId") ?? empty.Id,
        SpanId = Text(json, "spanId"),
        ParentSpanId = Text(json, "parentSpanId"),
        ParentId = Text(json, "parentId"),
        Purpose = Text(json, "purpose"),
        Kind = TraceNames.Kind(Text(json, "kind")),
        Name = Text(json, "name") ?? "",
        Pipeline = Text(json, "pipeline"),
        Feature = Text(json, "feature"),
        Tenant = Text(json, "tenant"),
        User = Text(json, "user"),
        Interaction = Text(json, "interaction"),
        Conversation = Text(json, "conversation"),
        Tags = Map(json, "tags"),
        StartedAt = json.GetProperty("startedAt").GetDateTimeOffset(),
        Duration = Milliseconds(json, "durationMs") ?? default,
        FirstContent = Milliseconds(json, "firstContentMs"),
        IsStreaming = Flag(json, "streamed"),
        RequestModel = Text(json, "requestModel"),
        Model = Text(json, "model"),
        ResponseModel = Text(json, "responseModel"),
        Provider = Text(json, "provider"),
        ResponseId = Text(json, "responseId"),
        Fingerprint = Text(json, "fingerprint"),
        FinishReason = Text(json, "finishReason"),
        Status = TraceNames.Status(Text(json, "status")),
        ErrorType = Text(json, "errorType"),
        Marks = List(json, "marks", mark => TraceNames.Mark(mark.GetString())).Aggregate(AnswerMarks.None, (all, mark) => all | mark),
        IsReplayed = Flag(json, "replayed"),
        IsIncomplete = Flag(json, "incomplete"),
        Usage = Usage(json),
        Cost = Cost(json),
        PromptName = Text(json, "promptName"),
        PromptVersion = Text(json, "promptVersion"),
        Attempts = List(json, "attempts", Attempt),
        Steps = List(json, "steps", Step),
        Scores = List(json, "scores", Score),
    };

    private static TraceAttempt Attempt(JsonElement json) => new()
    {
        Model = Text(json, "model") ?? "",
        Provider = Text(json, "provider"),
        Purpose = Text(json, "purpose"),
        Started = Milliseconds(json, "startedMs") ?? default,
        Duration = Milliseconds(json, "durationMs") ?? default,
        FirstContent = Milliseconds(json, "firstContentMs"),
        Failure = Text(json, "failure"),
        Status = json.TryGetProperty("status", out var status) ? status.GetInt32() : null,
        Usage = Usage(json),
        IsEstimated = Flag(json, "estimated"),
        Cost = Cost(json),
        PriceVersion = Text(json, "priceVersion"),
    };

    private static TraceStep Step(JsonElement json) => new(Text(json, "stage") ?? "", Text(json, "decision") ?? "", Text(json, "reason"))
    {
        At = Milliseconds(json, "atMs") ?? default,
        IsObserved = Flag(json, "observed"),
        Facts = Map(json, "facts"),
    };

    private static TokenUsage Usage(JsonElement json) => !json.TryGetProperty("usage", out var usage) ? default : new()
    {
        Input = Number(usage, "input"),
        CachedInput = Number(usage, "cachedInput"),
        CacheWrite = Number(usage, "cacheWrite"),
        Output = Number(usage, "output"),
        Reasoning = Number(usage, "reasoning"),
    };

    private static IReadOnlyList<T> List<T>(JsonElement json, string name, Func<JsonElement, T> read) =>
        json.TryGetProperty(name, out var items) ? [.. items.EnumerateArray().Select(read)] : [];

    private static ImmutableDictionary<string, string> Map(JsonElement json, string name) => json.TryGetProperty(name, out var map)
        ? map.EnumerateObject().ToImmutableDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? "", StringComparer.Ordinal)
        : ImmutableDictionary<string, string>.Empty;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt64() : 0;

    private static bool Flag(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.GetBoolean();

    private static decimal? Cost(JsonElement json) => json.TryGetProperty("cost", out var value) ? value.GetDecimal() : null;

    private static TimeSpan? Milliseconds(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) ? TimeSpan.FromTicks((long)Math.Round(value.GetDouble() * TimeSpan.TicksPerMillisecond)) : null;
}
