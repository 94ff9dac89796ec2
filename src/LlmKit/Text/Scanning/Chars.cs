namespace LlmKit.Text.Scanning;

/// <summary>The classes of characters and the boundaries that the rules share. ASCII only: a digit of another script is no digit.</summary>
internal static class Chars
{
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

    /// <summary>The next digit at or behind an index with no word character before it; the length of the text if there is none.</summary>
    public static int NextDigitGroup(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length)
        {
            var offset = text[from..].IndexOfAnyInRange('0', '9');
            if (offset < 0)
                return text.Length;
            from += offset;
            if (from == 0 || !IsWord(text[from - 1]))
                return from;
            var run = text[from..].IndexOfAnyExceptInRange('0', '9');
            from = run < 0 ? text.Length : from + run;
        }

        return text.Length;
    }
}
