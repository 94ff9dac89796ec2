namespace LlmKit.Text.Injection;

/// <summary>Tells a phrase that is talked about from one that is meant.</summary>
internal static class QuotedText
{
    private const int Reach = 160;

    private static readonly System.Buffers.SearchValues<string> s_verbs = System.Buffers.SearchValues.Create(
        ["translat", "explain", "analy", "what does", "what is meant", "meaning of", "summari", "classif", "phrase", "sentence", "rewrite",
         "detect", "example", "the word", "the term", "paraphrase", "proofread", "grammar", "prompt injection", "quote"],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a phrase stands in quotes or code, in reach of a word that discusses it.</summary>
    public static bool IsDiscussed(ReadOnlySpan<char> text, int start, int length)
    {
        var before = text[Math.Max(0, start - Reach)..start];
        var after = text.Slice(start + length, Math.Min(Reach, text.Length - start - length));
        return IsQuoted(before, after) && (before.ContainsAny(s_verbs) || after.ContainsAny(s_verbs));
    }

    private static bool IsQuoted(ReadOnlySpan<char> before, ReadOnlySpan<char> after) =>
        IsOpen(before, '"') && after.Contains('"')
        || IsOpen(before, '`') && after.Contains('`')
        || OpensSingle(before) && after.Contains('\'')
        || before.LastIndexOf('“') > before.LastIndexOf('”') && after.Contains('”')
        || before.LastIndexOf('«') > before.LastIndexOf('»') && after.Contains('»');

    private static bool IsOpen(ReadOnlySpan<char> before, char quote) => before.Count(quote) % 2 == 1;

    // An apostrophe inside a word is no quote.
    private static bool OpensSingle(ReadOnlySpan<char> before)
    {
        var index = before.LastIndexOf('\'');
        return index >= 0 && (index == 0 || !char.IsLetterOrDigit(before[index - 1]));
    }
}
