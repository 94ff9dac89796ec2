using System.Text.RegularExpressions;

namespace LlmKit.Observability.Replay;

/// <summary>Normalisers of texts in requests, for <see cref="CassetteOptions.Normalizers"/>.</summary>
/// <remarks>Pure functions, safe to use from any thread. Each replaces what changes from run to run by a word in angle brackets.</remarks>
public static partial class CassetteNormalizers
{
    /// <summary>Replaces GUIDs, with hyphens or without, by <c>&lt;guid&gt;</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text without them.</returns>
    public static string Guids(string text) => GuidPattern().Replace(text, "<guid>");

    /// <summary>Replaces times in ISO 8601, such as <c>2026-01-31T09:30:00Z</c>, by <c>&lt;time&gt;</c>. Dates without a time stay.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text without them.</returns>
    public static string IsoTimes(string text) => TimePattern().Replace(text, "<time>");

    /// <summary>Replaces paths in the temporary folders of Linux, macOS and Windows by <c>&lt;temp&gt;</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text without them.</returns>
    public static string TemporaryPaths(string text) => TemporaryPattern().Replace(text, "<temp>");

    /// <summary>Replaces every run of white space by one blank, and none at either end. Not on by default.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text with single blanks.</returns>
    public static string WhiteSpace(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return WhiteSpacePattern().Replace(text.Trim(), " ");
    }

    [GeneratedRegex(@"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b|\b[0-9a-fA-F]{32}\b", RegexOptions.CultureInvariant)]
    private static partial Regex GuidPattern();

    [GeneratedRegex(@"\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?", RegexOptions.CultureInvariant)]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"(?:/private)?/(?:tmp|var/tmp|var/folders)/[^\s""'<>|]+|[A-Za-z]:\\[^\s""'<>|]*?\\(?:Temp|tmp)\\[^\s""'<>|]+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex TemporaryPattern();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpacePattern();
}
