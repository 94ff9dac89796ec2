using System.Text.Json.Nodes;

namespace LlmKit.Observability.Replay;

/// <summary>Writes texts of several lines as arrays of lines, so that differences between versions of a file read well.</summary>
internal static class LongTexts
{
    // What stands under these names was made by models and tools: an array there is their own.
    private static readonly HashSet<string> Foreign = ["arguments", "result", "schema", "return_schema", "properties", "usage"];
    private static readonly HashSet<string> Texts = ["text", "instructions", "description", "message"];

    /// <summary>Gives a copy with lines.</summary>
    public static JsonNode? Fold(JsonNode? node) => Map(node, static text =>
        text is JsonValue value && value.GetValue<string>() is { } whole && whole.Contains('\n', StringComparison.Ordinal)
            ? new JsonArray([.. whole.Split('\n').Select(line => JsonValue.Create(line))])
            : text?.DeepClone());

    /// <summary>Gives a copy without lines.</summary>
    public static JsonNode? Unfold(JsonNode? node) => Map(node, static text =>
        text is JsonArray lines ? JsonValue.Create(string.Join('\n', lines.Select(line => line?.GetValue<string>()))) : text?.DeepClone());

    private static JsonNode? Map(JsonNode? node, Func<JsonNode?, JsonNode?>? change) => node switch
    {
        JsonObject json => new JsonObject(json.Select(property => KeyValuePair.Create(
            property.Key,
            change is not null && Texts.Contains(property.Key) ? change(property.Value)
            : Map(property.Value, Foreign.Contains(property.Key) ? null : change)))),
        JsonArray items => new JsonArray([.. items.Select(item => Map(item, change))]),
        _ => node?.DeepClone(),
    };
}
