using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace LlmKit.Observability.Replay;

/// <summary>Writes vectors as little-endian 32-bit floats in base64: exact, and one line each.</summary>
internal static class VectorJson
{
    public static JsonNode Of(ReadOnlySpan<float> vector) => JsonValue.Create(Convert.ToBase64String(MemoryMarshal.AsBytes(vector)));

    public static float[] Read(JsonNode? node) => MemoryMarshal.Cast<byte, float>(
        Convert.FromBase64String(node?.GetValue<string>() ?? throw new FormatException("a vector is missing"))).ToArray();
}
