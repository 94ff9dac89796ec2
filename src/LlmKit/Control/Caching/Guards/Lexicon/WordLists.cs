using System.Collections.Frozen;

namespace LlmKit.Control.Caching;

/// <summary>Reads the lists of words, which stand in the sources as they are best read: separated by spaces, one kind of thing a line.</summary>
internal static class WordLists
{
    private static readonly char[] s_gaps = [' ', '\n', '\r'];

    public static string[] Of(string text) => text.Split(s_gaps, StringSplitOptions.RemoveEmptyEntries);

    public static FrozenSet<string> SetOf(string text) => Of(text).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The stems of the words.</summary>
    public static FrozenSet<string> StemsOf(string text) => Of(text).Select(WordStem.Of).ToFrozenSet(StringComparer.Ordinal);

    public static string[][] LinesOf(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Of)];
}
