using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace LlmKit.Observability.Replay;

/// <summary>Writes vectors as little-endian 32-bit floats in base64: exact, and one line each.</summary>
internal static class VectorJson
{
    public static JsonNode Of(ReadOnlySpan<float> vector) => JsonValue.Create(Convert.ToBase64String(MemoryMarshal.AsBytes(vector)));

    /// <exception cref="FormatException">It is no vector.</exception>
    public static float[] Read(JsonNode? node)
    {
        var bytes = Convert.FromBase64String(node?.GetValue<string>() ?? throw new FormatException("a vector is missing"));
        return bytes.Length % sizeof(float) == 0 ? MemoryMarshal.Cast<byte, float>(bytes).ToArray() : throw new FormatException("a vector is cut short");
    }
}
