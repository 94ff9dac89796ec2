using System.Text;
using System.Text.Json;

namespace LlmKit.Observability.Traces;

/// <summary>Puts every string and every name of a JSON value through redactions, one after the other.</summary>
/// <param name="redactions">The redactions; where one throws, nothing of the text is left.</param>
internal sealed class CleanJson(IReadOnlyList<Func<string, string>> redactions)
{
    private const string Failed = "[redaction failed]";

    public string Text(string text)
    {
        try
        {
            foreach (var redact in redactions)
                text = redact(text);
            return text;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Failed;
        }
    }

    public string Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, TraceJson.Compact))
            Write(writer, document.RootElement);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private void Write(Utf8JsonWriter writer, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in json.EnumerateObject())
                {
                    writer.WritePropertyName(Text(property.Name));
                    Write(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Text(json.GetString()!));
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }
}
