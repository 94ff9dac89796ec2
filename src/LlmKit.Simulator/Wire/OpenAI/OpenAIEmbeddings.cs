using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmKit.Simulator.Wire.OpenAI;

/// <summary>Reads embedding requests and writes their answers.</summary>
internal static class OpenAIEmbeddings
{
    public static string[] Inputs(JsonElement body)
    {
        string[] inputs = body.Find("input") switch
        {
            { ValueKind: JsonValueKind.String } text => [text.GetString()!],
            { ValueKind: JsonValueKind.Array } texts when texts.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String) =>
                [.. texts.EnumerateArray().Select(text => text.GetString()!)],
            _ => throw new WireException("Invalid 'input': expected a string or an array of strings; token arrays are not simulated."),
        };
        return inputs.Length > 0 && inputs.All(text => text.Length > 0)
            ? inputs
            : throw new WireException("Invalid 'input': input cannot be an empty string.");
    }

    public static bool WantsBase64(JsonElement body) => body.Text("encoding_format") switch
    {
        null or "float" => false,
        "base64" => true,
        _ => throw new WireException("Invalid 'encoding_format': expected 'float' or 'base64'."),
    };

    public static JsonNode Answer(string model, IEnumerable<float[]> vectors, bool base64, int tokens) => new JsonObject
    {
        ["object"] = "list",
        ["data"] = new JsonArray([.. vectors.Select((vector, index) => (JsonNode)new JsonObject
        {
            ["object"] = "embedding",
            ["index"] = index,
            ["embedding"] = base64
                ? Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector))
                : new JsonArray([.. vector.Select(value => (JsonNode)value)]),
        })]),
        ["model"] = model,
        ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
    };
}
