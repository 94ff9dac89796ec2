using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmKit.OpenAI.Requests;

/// <summary>The additional properties that OpenAI has a place for, by their wire names; all others stay where they are.</summary>
internal static class KnownProperties
{
    internal const string Detail = "detail";
    internal const string ServiceTier = "service_tier";
    internal const string Store = "store";
    internal const string Strict = "strict";
    internal const string User = "user";

    internal static string? Text(IReadOnlyDictionary<string, object?>? properties, string name) => Find(properties, name) switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
        _ => null,
    };

    internal static bool? Flag(IReadOnlyDictionary<string, object?>? properties, string name) => Find(properties, name) switch
    {
        bool flag => flag,
        JsonElement { ValueKind: JsonValueKind.True } => true,
        JsonElement { ValueKind: JsonValueKind.False } => false,
        _ => null,
    };

    private static object? Find(IReadOnlyDictionary<string, object?>? properties, string name) =>
        properties is not null && properties.TryGetValue(name, out var value) ? value : null;
}
