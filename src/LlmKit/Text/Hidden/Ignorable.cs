namespace LlmKit.Text.Hidden;

/// <summary>Characters that a reader does not see, or does not tell from another, and that would hide a match from a search.</summary>
/// <remarks>
/// Ignorable: the code points of Unicode's property Default_Ignorable_Code_Point that are assigned, and the interlinear marks. Folded:
/// full-width and small forms of ASCII, blanks and hyphens that do not break a line, the one-dot leader. Letters of other scripts that
/// look alike are not folded: in most texts they are what they are.
/// </remarks>
internal static class Ignorable
{
    private const char LastPlain = '\u009F';
    private const char SelectorsAndTags = '\uDB40';

    /// <summary>
    /// Whether a character can be taken out of a text before it is searched. Of the pairs for tags and further variation selectors
    /// (U+E0000 to U+E03FF) this tells of the first half only; <see cref="LengthAt"/> tells of both.
    /// </summary>
    public static bool IsIgnorable(char c) => c switch
    {
        < '\u00AD' => false,
        '\u00AD' or '\u034F' or '\u061C' => true,
        '\u115F' or '\u1160' or '\u17B4' or '\u17B5' or (>= '\u180B' and <= '\u180F') => true,
        < '\u200B' => false,
        <= '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F') => true,
        < '\u3164' => false,
        '\u3164' => true,
        < SelectorsAndTags => false,
        SelectorsAndTags or (>= '\uFE00' and <= '\uFE0F') or '\uFEFF' or '\uFFA0' or (>= '\uFFF9' and <= '\uFFFB') => true,
        _ => false,
    };

    /// <summary>How many characters at an index are one ignorable code point: 0, 1, or 2 for a pair.</summary>
    public static int LengthAt(ReadOnlySpan<char> text, int index)
    {
        var c = text[index];
        if (!IsIgnorable(c))
            return 0;
        if (c != SelectorsAndTags)
            return 1;
        return index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) ? 2 : 0;
    }

    /// <summary>Whether a character is the second half of a pair whose first half is ignorable.</summary>
    public static bool IsSecondHalf(char previous, char c) => previous == SelectorsAndTags && char.IsLowSurrogate(c);

    /// <summary>The character that stands for another in a search; most stand for themselves.</summary>
    public static char Fold(char c) => c switch
    {
        < '\u00A0' => c,
        '\u00A0' => ' ',
        < '\u2007' => c,
        '\u2007' or '\u202F' => ' ',
        '\u2010' or '\u2011' => '-',
        '\u2024' => '.',
        < '\u3000' => c,
        '\u3000' => ' ',
        < '\uFE52' => c,
        >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
        '\uFE52' => '.',
        '\uFE55' => ':',
        '\uFE58' or '\uFE63' => '-',
        '\uFE59' => '(',
        '\uFE5A' => ')',
        '\uFE5F' => '#',
        '\uFE61' => '*',
        '\uFE62' => '+',
        '\uFE66' => '=',
        '\uFE6A' => '%',
        '\uFE6B' => '@',
        _ => c,
    };

    /// <summary>The index of the first character that is ignorable or folded, or -1. ASCII is passed over many characters at a time.</summary>
    public static int IndexOfFirst(ReadOnlySpan<char> text)
    {
        for (var i = NextBeyondPlain(text, 0); i < text.Length; i = NextBeyondPlain(text, i + 1))
        {
            if (IsIgnorable(text[i]) || Fold(text[i]) != text[i])
                return i;
        }

        return -1;
    }

    /// <summary>The index of the next ignorable character at or behind an index; the length of the text if there is none.</summary>
    public static int NextIgnorable(ReadOnlySpan<char> text, int from)
    {
        var i = NextBeyondPlain(text, from);
        while (i < text.Length && !IsIgnorable(text[i]))
            i = NextBeyondPlain(text, i + 1);
        return i;
    }

    private static int NextBeyondPlain(ReadOnlySpan<char> text, int from)
    {
        if (from >= text.Length || text[from] > LastPlain)
            return from;
        var plain = text[from..].IndexOfAnyExceptInRange('\0', LastPlain);
        return plain < 0 ? text.Length : from + plain;
    }
}
