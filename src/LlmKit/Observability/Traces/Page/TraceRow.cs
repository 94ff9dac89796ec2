using System.Text.Json;
using LlmKit.Calls;

namespace LlmKit.Observability.Traces;

/// <summary>Writes what a list shows of a record: a page of them must stay small.</summary>
internal static class TraceRow
{
    public static void Write(Utf8JsonWriter writer, TraceSummary trace)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, trace.Id);
        writer.WriteString("traceId"u8, trace.TraceId);
        writer.WriteString("kind"u8, TraceNames.Of(trace.Kind));
        writer.WriteString("name"u8, trace.Name);
        writer.WriteString("startedAt"u8, trace.StartedAt);
        writer.WriteNumber("durationMs"u8, trace.Duration.TotalMilliseconds);
        writer.WriteString("status"u8, TraceNames.Of(trace.Status));
        Text(writer, "parentId"u8, trace.ParentId);
        Text(writer, "purpose"u8, trace.Purpose);
        Text(writer, "pipeline"u8, trace.Pipeline);
        Text(writer, "feature"u8, trace.Feature);
        Text(writer, "tenant"u8, trace.Tenant);
        Text(writer, "user"u8, trace.User);
        Text(writer, "interaction"u8, trace.Interaction);
        Text(writer, "conversation"u8, trace.Conversation);
        Text(writer, "requestModel"u8, trace.RequestModel);
        Text(writer, "model"u8, trace.Model);
        Text(writer, "responseModel"u8, trace.ResponseModel);
        Text(writer, "provider"u8, trace.Provider);
        Text(writer, "errorType"u8, trace.ErrorType);
        Text(writer, "promptName"u8, trace.PromptName);
        Text(writer, "promptVersion"u8, trace.PromptVersion);
        Labels(writer, trace);
        Figures(writer, trace);
        writer.WriteEndObject();
    }

    private static void Labels(Utf8JsonWriter writer, TraceSummary trace)
    {
        if (trace.Tags.Count > 0)
        {
            writer.WriteStartObject("tags"u8);
            foreach (var (name, value) in trace.Tags)
                writer.WriteString(name, value);
            writer.WriteEndObject();
        }

        if (trace.Marks == AnswerMarks.None)
            return;
        writer.WriteStartArray("marks"u8);
        foreach (var mark in TraceNames.Marks)
        {
            if (trace.Marks.HasFlag(mark))
                writer.WriteStringValue(TraceNames.Of(mark));
        }

        writer.WriteEndArray();
    }

    private static void Figures(Utf8JsonWriter writer, TraceSummary trace)
    {
        if (trace.FirstContent is { } first)
            writer.WriteNumber("firstContentMs"u8, first.TotalMilliseconds);
        if (trace.Usage.Total > 0)
        {
            writer.WriteNumber("inputTokens"u8, trace.Usage.Input);
            writer.WriteNumber("outputTokens"u8, trace.Usage.Output);
        }

        if (trace.Cost is { } cost)
            writer.WriteNumber("cost"u8, cost);
        if (trace.Attempts.Count > 0)
            writer.WriteNumber("attemptCount"u8, trace.Attempts.Count);
        if (trace.LastScore is { } score)
            writer.WriteNumber("score"u8, score);
        if (trace.IsReplayed)
            writer.WriteBoolean("replayed"u8, true);
        if (trace.IsIncomplete)
            writer.WriteBoolean("incomplete"u8, true);
    }

    private static void Text(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }
}
