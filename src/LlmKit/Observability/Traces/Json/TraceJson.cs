using System.Text.Encodings.Web;
using System.Text.Json;
using LlmKit.Calls;

namespace LlmKit.Observability.Traces;

/// <summary>Writes records as JSON: names in camel case, durations in milliseconds, what is not known left out.</summary>
internal static class TraceJson
{
    public static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes all but the texts.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="trace">The record.</param>
    /// <param name="variables">What was put into its prompt, where that is to stand there all the same.</param>
    public static void WriteSummary(Utf8JsonWriter writer, TraceSummary trace, TraceMessage? variables = null)
    {
        writer.WriteStartObject();
        WriteFacts(writer, trace);
        WriteContent(writer, "promptVariables"u8, variables, byHash: false);
        writer.WriteEndObject();
    }

    /// <summary>Writes a record with its texts, or with the hashes by which they are found.</summary>
    public static void WriteRecord(Utf8JsonWriter writer, TraceRecord trace, bool byHash)
    {
        writer.WriteStartObject();
        WriteFacts(writer, trace);
        WriteMap(writer, "attributes"u8, trace.Attributes);
        WriteContent(writer, "options"u8, trace.Options, byHash);
        WriteContent(writer, "instructions"u8, trace.Instructions, byHash);
        WriteContent(writer, "tools"u8, trace.Tools, byHash);
        WriteContent(writer, "prompt"u8, trace.Prompt, byHash);
        WriteContent(writer, "promptVariables"u8, trace.PromptVariables, byHash);
        WriteContent(writer, "documents"u8, trace.Documents, byHash);
        WriteContents(writer, "input"u8, trace.Input, byHash);
        if (trace.DroppedMessages > 0)
            writer.WriteNumber("droppedMessages"u8, trace.DroppedMessages);
        if (trace.IsRedacted)
            writer.WriteBoolean("isRedacted"u8, true);
        WriteContents(writer, "output"u8, trace.Output, byHash);
        writer.WriteEndObject();
    }

    public static void WriteScore(Utf8JsonWriter writer, TraceScore score)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, score.Name);
        writer.WriteNumber("value"u8, score.Value);
        Write(writer, "label"u8, score.Label);
        writer.WriteString("source"u8, score.Source);
        writer.WriteString("at"u8, score.At);
        writer.WriteEndObject();
    }

    private static void WriteFacts(Utf8JsonWriter writer, TraceSummary trace)
    {
        writer.WriteString("id"u8, trace.Id);
        writer.WriteString("traceId"u8, trace.TraceId);
        Write(writer, "spanId"u8, trace.SpanId);
        Write(writer, "parentSpanId"u8, trace.ParentSpanId);
        Write(writer, "parentId"u8, trace.ParentId);
        Write(writer, "purpose"u8, trace.Purpose);
        writer.WriteString("kind"u8, TraceNames.Of(trace.Kind));
        writer.WriteString("name"u8, trace.Name);
        Write(writer, "pipeline"u8, trace.Pipeline);
        Write(writer, "feature"u8, trace.Feature);
        Write(writer, "tenant"u8, trace.Tenant);
        Write(writer, "user"u8, trace.User);
        Write(writer, "interaction"u8, trace.Interaction);
        Write(writer, "conversation"u8, trace.Conversation);
        WriteMap(writer, "tags"u8, trace.Tags);
        writer.WriteString("startedAt"u8, trace.StartedAt);
        writer.WriteNumber("durationMs"u8, trace.Duration.TotalMilliseconds);
        Write(writer, "firstContentMs"u8, trace.FirstContent);
        Write(writer, "streamed"u8, trace.IsStreaming);
        Write(writer, "requestModel"u8, trace.RequestModel);
        Write(writer, "model"u8, trace.Model);
        Write(writer, "responseModel"u8, trace.ResponseModel);
        Write(writer, "provider"u8, trace.Provider);
        Write(writer, "responseId"u8, trace.ResponseId);
        Write(writer, "fingerprint"u8, trace.Fingerprint);
        Write(writer, "finishReason"u8, trace.FinishReason);
        writer.WriteString("status"u8, TraceNames.Of(trace.Status));
        Write(writer, "errorType"u8, trace.ErrorType);
        WriteMarks(writer, trace.Marks);
        Write(writer, "replayed"u8, trace.IsReplayed);
        Write(writer, "incomplete"u8, trace.IsIncomplete);
        WriteUsage(writer, trace.Usage);
        if (trace.Cost is { } cost)
            writer.WriteNumber("cost"u8, cost);
        Write(writer, "promptName"u8, trace.PromptName);
        Write(writer, "promptVersion"u8, trace.PromptVersion);
        WriteList(writer, "attempts"u8, trace.Attempts, WriteAttempt);
        WriteList(writer, "steps"u8, trace.Steps, WriteStep);
        WriteList(writer, "scores"u8, trace.Scores, WriteScore);
    }

    private static void WriteAttempt(Utf8JsonWriter writer, TraceAttempt attempt)
    {
        writer.WriteStartObject();
        writer.WriteString("model"u8, attempt.Model);
        Write(writer, "provider"u8, attempt.Provider);
        Write(writer, "purpose"u8, attempt.Purpose);
        writer.WriteNumber("startedMs"u8, attempt.Started.TotalMilliseconds);
        writer.WriteNumber("durationMs"u8, attempt.Duration.TotalMilliseconds);
        Write(writer, "firstContentMs"u8, attempt.FirstContent);
        Write(writer, "failure"u8, attempt.Failure);
        if (attempt.Status is { } status)
            writer.WriteNumber("status"u8, status);
        WriteUsage(writer, attempt.Usage);
        Write(writer, "estimated"u8, attempt.IsEstimated);
        if (attempt.Cost is { } cost)
            writer.WriteNumber("cost"u8, cost);
        Write(writer, "priceVersion"u8, attempt.PriceVersion);
        writer.WriteEndObject();
    }

    private static void WriteStep(Utf8JsonWriter writer, TraceStep step)
    {
        writer.WriteStartObject();
        writer.WriteString("stage"u8, step.Stage);
        writer.WriteString("decision"u8, step.Decision);
        Write(writer, "reason"u8, step.Reason);
        writer.WriteNumber("atMs"u8, step.At.TotalMilliseconds);
        Write(writer, "observed"u8, step.IsObserved);
        WriteMap(writer, "facts"u8, step.Facts);
        writer.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter writer, in TokenUsage usage)
    {
        if (usage.Total == 0)
            return;
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("input"u8, usage.Input);
        Write(writer, "cachedInput"u8, usage.CachedInput);
        Write(writer, "cacheWrite"u8, usage.CacheWrite);
        writer.WriteNumber("output"u8, usage.Output);
        Write(writer, "reasoning"u8, usage.Reasoning);
        writer.WriteEndObject();
    }

    private static void WriteMarks(Utf8JsonWriter writer, AnswerMarks marks)
    {
        if (marks == AnswerMarks.None)
            return;
        writer.WriteStartArray("marks"u8);
        foreach (var mark in TraceNames.Marks)
        {
            if (marks.HasFlag(mark))
                writer.WriteStringValue(TraceNames.Of(mark));
        }

        writer.WriteEndArray();
    }

    private static void WriteContents(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<TraceMessage> contents, bool byHash)
    {
        if (contents.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var content in contents)
        {
            if (byHash)
                writer.WriteStringValue(content.Hash);
            else
                writer.WriteRawValue(content.Json.Span, skipInputValidation: true);
        }

        writer.WriteEndArray();
    }

    private static void WriteContent(Utf8JsonWriter writer, ReadOnlySpan<byte> name, TraceMessage? content, bool byHash)
    {
        if (content is null)
            return;
        writer.WritePropertyName(name);
        if (byHash)
            writer.WriteStringValue(content.Hash);
        else
            writer.WriteRawValue(content.Json.Span, skipInputValidation: true);
    }

    private static void WriteMap(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string> map)
    {
        if (map.Count == 0)
            return;
        writer.WriteStartObject(name);
        foreach (var (key, value) in map)
            writer.WriteString(key, value);
        writer.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count == 0)
            return;
        writer.WriteStartArray(name);
        foreach (var item in items)
            write(writer, item);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
            writer.WriteBoolean(name, value);
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long value)
    {
        if (value != 0)
            writer.WriteNumber(name, value);
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, TimeSpan? value)
    {
        if (value is { } known)
            writer.WriteNumber(name, known.TotalMilliseconds);
    }
}
