using System.Buffers;
using System.Text.Json;

namespace LlmKit.Observability.Traces;

/// <summary>One example of a data set, as a line of JSON.</summary>
internal static class DatasetLine
{
    public static ReadOnlyMemory<byte> Of(TraceRecord record)
    {
        var line = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(line, TraceJson.Compact);
        writer.WriteStartObject();
        Write(writer, "input"u8, record.Instructions is null ? record.Input : [record.Instructions, .. record.Input]);
        Write(writer, "expected"u8, record.Output);
        writer.WritePropertyName("metadata"u8);
        TraceJson.WriteSummary(writer, record with { Attempts = [], Steps = [] }, record.PromptVariables);
        writer.WriteEndObject();
        writer.Flush();
        line.Write("\n"u8);
        return line.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<TraceMessage> messages)
    {
        writer.WriteStartArray(name);
        foreach (var message in messages)
            writer.WriteRawValue(message.Json.Span, skipInputValidation: true);
        writer.WriteEndArray();
    }
}
