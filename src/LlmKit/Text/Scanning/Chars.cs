namespace LlmKit.Text.Scanning;

/// <summary>The classes of characters and the boundaries that the rules share. ASCII only: a digit of another script is no digit.</summary>
internal static class Chars
{
    private const int NearDigits = 8;

    public static bool IsDigit(char c) => char.IsAsciiDigit(c);

    public static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    /// <summary>Whether a match may start here: no word character before, unless it ends an escape such as <c>\n</c> or <c>%3D</c>.</summary>
    public static bool IsLeftBoundary(ref TextCursor cursor, int start)
    {
        var previous = cursor[start - 1];
        if (!IsWord(previous))
            return true;
        if (previous is 'n' or 'r' or 't' && cursor[start - 2] == '\\')
            return true;
        return cursor[start - 3] == '%' && char.IsAsciiHexDigit(cursor[start - 2]) && char.IsAsciiHexDigit(previous);
    }

    /// <summary>The next digit at or behind an index at which a match may start; the length of the text if there is none.</summary>
    public static int NextDigitGroup(ReadOnlySpan<char> text, int from)
    {
        var digit = NextDigitRun(text, from);
        while (digit < text.Length && !IsLeftBoundary(text, digit))
            digit = NextDigitRun(text, digit + 1);
        return digit;
    }

    /// <summary>The next digit at or behind an index with no digit before it but one of an escape; the length of the text if there is none.</summary>
    public static int NextDigitRun(ReadOnlySpan<char> text, int from)
    {
        for (; from < text.Length; from++)
        {
            if (!IsDigit(text[from]))
            {
                from = NextDigit(text, from);
                if (from == text.Length)
                    break;
            }

            if (StartsDigitRun(text, from))
                return from;
        }

        return text.Length;
    }

    /// <summary>Whether no digit stands before an index but one of an escape.</summary>
    public static bool StartsDigitRun(ReadOnlySpan<char> text, int index) => index == 0 || !IsDigit(text[index - 1]) || EndsEscape(text, index);

    /// <summary>Whether an escape such as <c>%3D</c> stands before an index.</summary>
    public static bool EndsEscape(ReadOnlySpan<char> text, int index) =>
        index > 2 && text[index - 3] == '%' && char.IsAsciiHexDigit(text[index - 2]) && char.IsAsciiHexDigit(text[index - 1]);

    /// <summary>Whether a match may start here; see the other of this name.</summary>
    public static bool IsLeftBoundary(ReadOnlySpan<char> text, int start)
    {
        if (start == 0 || !IsWord(text[start - 1]))
            return true;
        return (text[start - 1] is 'n' or 'r' or 't' && start > 1 && text[start - 2] == '\\') || EndsEscape(text, start);
    }

    private static int NextDigit(ReadOnlySpan<char> text, int from)
    {
        // Where digits are dense, the next one is nearer than a vector is long.
        var near = Math.Min(text.Length, from + NearDigits);
        for (; from < near; from++)
        {
            if (IsDigit(text[from]))
                return from;
        }

        var offset = text[from..].IndexOfAnyInRange('0', '9');
        return offset < 0 ? text.Length : from + offset;
    }
}
