using System.Text.Json.Nodes;

namespace LlmKit.Observability.Replay;

/// <summary>Adds properties to JSON objects where there is something to add.</summary>
internal static class JsonPutting
{
    public static JsonObject Put(this JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
            json[name] = value;
        return json;
    }

    public static JsonObject Put(this JsonObject json, string name, string? value) => json.Put(name, value is null ? null : JsonValue.Create(value));

    /// <summary>Gives the text of a property, or <see langword="null"/>.</summary>
    public static string? Text(this JsonObject json, string name) => json[name]?.GetValue<string>();

    public static bool Flag(this JsonObject json, string name) => json[name]?.GetValue<bool>() ?? false;

    public static JsonObject Object(this JsonNode? node, string what) =>
        node as JsonObject ?? throw new FormatException($"{what} is no object");
}
