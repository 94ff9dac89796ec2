namespace LlmKit.Control.Caching;

/// <summary>Finds the words that stand between double quotation marks or back-ticks: they are meant to the letter.</summary>
internal static class Quotations
{
    public static List<string> Of(string text)
    {
        List<string> found = [];
        for (var i = 0; i < text.Length; i++)
        {
            if (ClosingOf(text[i]) is not { } closing)
                continue;
            var end = text.IndexOf(closing, i + 1);
            if (end < 0)
                continue;
            foreach (var token in Tokenizer.Split(text[(i + 1)..end]))
                found.Add(token.Lower);
            i = end;
        }

        return found;
    }

    private static char? ClosingOf(char opening) => opening switch { '"' => '"', '“' => '”', '«' => '»', '`' => '`', _ => null };
}
