using System.Text;
using System.Text.Json;

namespace LlmKit.Checks.Values;

/// <summary>The JSON of an answer with its members in order, without white space, and with numbers of one spelling.</summary>
internal sealed class JsonValue : IAnswerValue
{
    private const string Fence = "```";

    public string? Read(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutFence(answer.AsMemory().Trim()));
            using var written = new MemoryStream();
            using (var writer = new Utf8JsonWriter(written))
                Write(writer, document.RootElement);
            return Encoding.UTF8.GetString(written.GetBuffer(), 0, (int)written.Length);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<char> WithoutFence(ReadOnlyMemory<char> answer)
    {
        var text = answer.Span;
        if (text.Length < 2 * Fence.Length || !text.StartsWith(Fence) || !text.EndsWith(Fence) || text.IndexOf('\n') is not (> 0 and var line) || line > text.Length - Fence.Length)
            return answer;
        return answer[(line + 1)..^Fence.Length];
    }

    private static void Write(Utf8JsonWriter writer, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in json.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number when json.TryGetDecimal(out var number):
                // Dividing by one with many zeros takes the zeros at the end of a decimal away.
                writer.WriteNumberValue(number / 1.0000000000000000000000000000m);
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }
}
