using System.Text.Json.Nodes;

namespace LlmKit.Observability.Replay;

/// <summary>The first place where two JSON values differ.</summary>
/// <param name="Path">Where, such as <c>$.messages[1].parts[0].text</c>.</param>
/// <param name="Left">What stands there on the left; <see langword="null"/> when nothing does.</param>
/// <param name="Right">What stands there on the right; <see langword="null"/> when nothing does.</param>
internal sealed record FirstDifference(string Path, JsonNode? Left, JsonNode? Right)
{
    /// <summary>Gives the first difference, by names in order and items from the beginning; <see langword="null"/> when there is none.</summary>
    public static FirstDifference? Between(JsonNode? left, JsonNode? right, string path = "$") => (left, right) switch
    {
        (JsonObject one, JsonObject other) => Among(
            one.Select(property => property.Key).Union(other.Select(property => property.Key)).Order(StringComparer.Ordinal),
            name => Between(one[name], other[name], $"{path}.{name}", one.ContainsKey(name) == other.ContainsKey(name))),
        (JsonArray one, JsonArray other) => Among(
            Enumerable.Range(0, Math.Max(one.Count, other.Count)),
            i => Between(i < one.Count ? one[i] : null, i < other.Count ? other[i] : null, FormattableString.Invariant($"{path}[{i}]"), i < Math.Min(one.Count, other.Count))),
        _ => CanonicalJson.Compact(left) == CanonicalJson.Compact(right) ? null : new(path, left, right),
    };

    // A null that is said is another than one that is not.
    private static FirstDifference? Between(JsonNode? left, JsonNode? right, string path, bool areBothThere) =>
        areBothThere ? Between(left, right, path) : new(path, left, right);

    private static FirstDifference? Among<T>(IEnumerable<T> places, Func<T, FirstDifference?> compare) =>
        places.Select(compare).FirstOrDefault(difference => difference is not null);
}
