namespace LlmKit.Control.Caching;

/// <summary>Finds the words that stand between quotation marks or back-ticks: they are meant to the letter.</summary>
internal static class Quotations
{
    public static IEnumerable<string> Of(string text, List<TextToken> tokens)
    {
        var next = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var end = EndOf(text, i);
            if (end < 0)
                continue;
            while (next < tokens.Count && tokens[next].Start < i)
                next++;
            for (; next < tokens.Count && tokens[next].Start < end; next++)
                yield return tokens[next].Lower;
            i = end;
        }
    }

    private static int EndOf(string text, int start)
    {
        if (text[start] == '\'')
            return IsOpening(text, start) ? EndOfSingle(text, start + 1) : -1;
        return ClosingOf(text[start]) is { } closing ? text.IndexOf(closing, start + 1) : -1;
    }

    /// <summary>An apostrophe stands in or behind a word; a single quotation mark before one that follows a space.</summary>
    private static bool IsOpening(string text, int i) => (i == 0 || char.IsWhiteSpace(text[i - 1]) || text[i - 1] == '(') && i + 1 < text.Length && char.IsLetterOrDigit(text[i + 1]);

    private static int EndOfSingle(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (text[i] == '\'' && (i + 1 == text.Length || !char.IsLetterOrDigit(text[i + 1])))
                return i;
        }

        return -1;
    }

    private static char? ClosingOf(char opening) => opening switch { '"' => '"', '“' => '”', '«' => '»', '`' => '`', _ => null };
}
