using System.Text.Json;

namespace LlmKit.Observability.Tracing;

/// <summary>Content with its structure, as events must hold it: lists and objects instead of the JSON that spans hold.</summary>
internal static class ContentValue
{
    public static object? From(string? json)
    {
        if (json is null)
            return null;
        using var parsed = JsonDocument.Parse(json, new() { MaxDepth = 128 });
        return From(parsed.RootElement);
    }

    private static object? From(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new ContentObject([.. value.EnumerateObject().Select(property => new KeyValuePair<string, object?>(property.Name, From(property.Value)))], value.GetRawText()),
        JsonValueKind.Array => new ContentList([.. value.EnumerateArray().Select(From)], value.GetRawText()),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? whole : value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
