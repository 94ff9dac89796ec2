using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Reads what has no typed member and a place in the conventions all the same. Additional properties are never reported as they are: anything may be in them.</summary>
internal static class KnownProperty
{
    private const int MostLength = 128;

    /// <summary>Gives a name or a version; <see langword="null"/> for anything that is too long to be one.</summary>
    public static string? Text(AdditionalPropertiesDictionary properties, string key) =>
        properties.TryGetValue(key, out var value)
        && (value as string ?? (value is JsonElement { ValueKind: JsonValueKind.String } json ? json.GetString() : null)) is { Length: > 0 and <= MostLength } text
            ? text
            : null;

    public static bool IsTrue(AdditionalPropertiesDictionary properties, string key) =>
        properties.TryGetValue(key, out var value) && value is true or JsonElement { ValueKind: JsonValueKind.True };

    public static int? Number(AdditionalPropertiesDictionary properties, string key) => properties.TryGetValue(key, out var value)
        ? value switch
        {
            int number => number,
            long number and >= 0 and <= int.MaxValue => (int)number,
            JsonElement { ValueKind: JsonValueKind.Number } json when json.TryGetInt32(out var number) => number,
            _ => null,
        }
        : null;
}
