using System.Text.Json.Nodes;

namespace LlmKit.Observability.Replay;

/// <summary>Says why a request has no recording: the nearest one, and where it first differs.</summary>
internal static class MissReport
{
    private const int Before = 30;
    private const int After = 60;

    public static CassetteMissException Of(Recording asked, bool isPlayedOut, IReadOnlyList<Recording> recordings, string cassette, bool showTexts)
    {
        var where = asked.Scope.Length == 0 ? "" : $" in the scope '{asked.Scope}'";
        if (isPlayedOut)
        {
            var count = recordings.Count(recording => recording.Key == asked.Key && recording.Scope == asked.Scope);
            return new($"{cassette} has played all {count} recordings of the request {Short(asked.Key)}{where}, and it was made once more. Set CassetteOptions.WrapAround to begin again with the first, or record again: {Remedy}", asked.Key, asked.Scope) { IsPlayedOut = true };
        }

        if (Nearest(asked, recordings) is not { } nearest)
            return new($"{cassette} has no recordings, so none of the request {Short(asked.Key)}{where}. Record it: {Remedy}", asked.Key, asked.Scope);
        if (FirstDifference.Between(nearest.Request, asked.Request) is not { } difference)
            return new($"{cassette} has the request {Short(asked.Key)} in the scope '{nearest.Scope}' and not in the scope '{asked.Scope}'. Open the scope of the recording with Cassette.Scope, or record again: {Remedy}", asked.Key, asked.Scope) { NearestKey = nearest.Key };

        var (recorded, requested, offset) = Values(difference, showTexts);
        var place = offset is { } character ? FormattableString.Invariant($"{difference.Path}, character {character}") : difference.Path;
        var values = showTexts || !IsText(difference.Path)
            ? $" It was recorded with {Quoted(recorded)} and is asked with {Quoted(requested)}."
            : "";
        return new($"{cassette} has no recording of the request {Short(asked.Key)}{where}. The nearest of {recordings.Count}, {Short(nearest.Key)}, differs first at {place}.{values} If the change is meant, record again: {Remedy}", asked.Key, asked.Scope)
        {
            NearestKey = nearest.Key,
            DifferencePath = difference.Path,
            Recorded = recorded,
            Requested = requested,
        };
    }

    private const string Remedy = "run once with LLMKIT_CASSETTE_MODE=Record, or CassetteMode.Record, and look at what changes in the file.";

    /// <summary>The nearest has the longest beginning in common; of equally near ones, that of the same scope.</summary>
    private static Recording? Nearest(Recording asked, IReadOnlyList<Recording> recordings)
    {
        var json = CanonicalJson.Compact(asked.Request);
        return recordings
            .OrderByDescending(recording => json.AsSpan().CommonPrefixLength(CanonicalJson.Compact(recording.Request)))
            .ThenByDescending(recording => recording.Scope == asked.Scope)
            .FirstOrDefault();
    }

    private static (string? Recorded, string? Requested, int? Offset) Values(FirstDifference difference, bool showTexts)
    {
        var recorded = TextOf(difference.Left);
        var requested = TextOf(difference.Right);
        int? offset = difference is { Left: JsonValue, Right: JsonValue } && IsText(difference.Path)
            ? recorded.AsSpan().CommonPrefixLength(requested) : null;
        return showTexts || !IsText(difference.Path)
            ? (Window(recorded, offset ?? 0), Window(requested, offset ?? 0), offset)
            : (null, null, offset);
    }

    private static bool IsText(string path) => !path.StartsWith("$.options", StringComparison.Ordinal) && path is not ("$.model" or "$.kind" or "$.dimensions");

    private static string? TextOf(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => CanonicalJson.Compact(node),
    };

    private static string? Window(string? text, int offset)
    {
        if (text is null)
            return null;
        var start = Math.Max(0, offset - Before);
        var end = Math.Min(text.Length, offset + After);
        return $"{(start > 0 ? "…" : "")}{text[start..end]}{(end < text.Length ? "…" : "")}";
    }

    private static string Quoted(string? value) => value is null ? "nothing" : $"'{value}'";

    private static string Short(string key) => key[..12];
}
