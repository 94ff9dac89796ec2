using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmKit.Simulator.Wire;

/// <summary>Writes JSON as the providers do: minified, text unescaped where JSON allows it.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
            write(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static string Of(JsonNode node) => Write(writer => node.WriteTo(writer));

    /// <summary>The one form in which JSON is counted: no white space, no needless escapes; the order of the properties is left as it is.</summary>
    public static string Canonical(JsonElement element) => Write(element.WriteTo);

    /// <summary>The same for JSON that travels as text; what is no JSON is counted as it stands.</summary>
    public static string Canonical(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Canonical(document.RootElement);
        }
        catch (JsonException)
        {
            return json;
        }
    }
}
