using System.Buffers;

namespace LlmKit.Text.Secrets;

/// <summary>The words by which a value says of itself that it is no secret.</summary>
internal static class PlaceholderWords
{
    private static readonly SearchValues<string> s_long = SearchValues.Create(
        [
            "example", "placeholder", "redacted", "changeme", "replaceme", "replace-me", "replace_me", "-here", "_here", "keyhere", "tokenhere",
            "xxxxxxxx", "00000000", "01234567", "12345678", "abcdefgh", "****", "....",
        ],
        StringComparison.OrdinalIgnoreCase);

    // Anywhere and in letters of any case, one random token of some ten thousand holds a word so short.
    private static readonly SearchValues<string> s_short = SearchValues.Create(
        ["your", "Your", "YOUR", "dummy", "Dummy", "DUMMY", "xxxx", "XXXX"],
        StringComparison.Ordinal);

    /// <summary>Whether a long word stands anywhere in a value, a short one where a word begins, or the value ends in a row of six x.</summary>
    public static bool AreIn(ReadOnlySpan<char> value) =>
        value.ContainsAny(s_long) || HasShort(value) || value.EndsWith("xxxxxx", StringComparison.Ordinal) || value.EndsWith("XXXXXX", StringComparison.Ordinal);

    private static bool HasShort(ReadOnlySpan<char> value)
    {
        for (int at = 0, found; (found = value[at..].IndexOfAny(s_short)) >= 0; at += found + 1)
        {
            if (at + found == 0 || !char.IsLetterOrDigit(value[at + found - 1]))
                return true;
        }

        return false;
    }
}
