using System.Text.Json;

namespace LlmKit.Simulator.Wire;

/// <summary>Reads members of a request body; what is absent or null reads as nothing, what has another type is the client's error.</summary>
internal static class JsonReading
{
    public static JsonElement? Find(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? Text(this JsonElement element, string name) => element.Find(name) is not { } value
        ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, "a string");

    public static bool Flag(this JsonElement element, string name) => element.Find(name) is { } value && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Wrong(name, "a boolean"),
    };

    public static int? Number(this JsonElement element, string name) => element.Find(name) is not { } value
        ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw Wrong(name, "an integer");

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) => element.Find(name) is not { } value
        ? []
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Wrong(name, "an array");

    /// <summary>The text of a content that is a string or an array of parts; parts that are not text have none.</summary>
    public static string ContentText(this JsonElement element, string name) => element.Find(name) switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } value => value.GetString()!,
        _ => string.Join('\n', element.Items(name).Select(part => part.Text("text")).OfType<string>()),
    };

    public static int? MaxTokens(this JsonElement element, string name) => element.Number(name) is not { } tokens
        ? null
        : tokens > 0 ? tokens : throw new WireException($"Invalid '{name}': integer below minimum value. Expected a value >= 1.");

    private static WireException Wrong(string name, string expected) => new($"Invalid type for '{name}': expected {expected}.");
}
