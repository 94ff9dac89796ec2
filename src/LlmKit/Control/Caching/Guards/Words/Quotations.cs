namespace LlmKit.Control.Caching;

/// <summary>Finds the words that stand between double quotation marks or back-ticks: they are meant to the letter.</summary>
internal static class Quotations
{
    public static IEnumerable<string> Of(string text, List<TextToken> tokens)
    {
        var next = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (ClosingOf(text[i]) is not { } closing)
                continue;
            var end = text.IndexOf(closing, i + 1);
            if (end < 0)
                continue;
            while (next < tokens.Count && tokens[next].Start < i)
                next++;
            for (; next < tokens.Count && tokens[next].Start < end; next++)
                yield return tokens[next].Lower;
            i = end;
        }
    }

    private static char? ClosingOf(char opening) => opening switch { '"' => '"', '“' => '”', '«' => '»', '`' => '`', _ => null };
}
