using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmKit.Observability.Replay;

/// <summary>Writes JSON in one fixed spelling: properties sorted by name, and no more escapes than JSON asks for.</summary>
internal static class CanonicalJson
{
    private static readonly JsonWriterOptions Dense = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Pretty = Dense with { Indented = true, NewLine = "\n" };

    /// <summary>Gives the key of a request: SHA-256 of its JSON, in hexadecimal.</summary>
    public static string KeyOf(JsonNode request) => Convert.ToHexStringLower(SHA256.HashData(Write(request, Dense).WrittenSpan));

    public static string Compact(JsonNode? node) => Encoding.UTF8.GetString(Write(node, Dense).WrittenSpan);

    public static ReadOnlyMemory<byte> Indented(JsonNode node) => Write(node, Pretty).WrittenMemory;

    private static ArrayBufferWriter<byte> Write(JsonNode? node, JsonWriterOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, options);
        Write(writer, node);
        writer.Flush();
        return buffer;
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject json:
                writer.WriteStartObject();
                foreach (var (name, value) in json.OrderBy(property => property.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
