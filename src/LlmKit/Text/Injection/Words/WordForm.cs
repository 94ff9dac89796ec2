namespace LlmKit.Text.Injection.Words;

/// <summary>Finds the entry of a word as written, and under the disguises of digits, symbols and letters of other alphabets.</summary>
internal static class WordForm
{
    /// <summary>The most characters of a word that are compared.</summary>
    public const int MaxLength = 64;

    /// <summary>The entry of a folded word, or null.</summary>
    /// <param name="lexicon">The words that matter.</param>
    /// <param name="word">The folded word, 1 to <see cref="MaxLength"/> characters.</param>
    /// <param name="isDisguised">Whether it was found only with a disguise taken off.</param>
    public static LexiconEntry? Find(Lexicon lexicon, ReadOnlySpan<char> word, out bool isDisguised)
    {
        isDisguised = false;
        if (lexicon.Find(word) is { } plain)
            return plain;
        if (!word.ContainsAnyExceptInRange('a', 'z') || !word.ContainsAnyExceptInRange('0', '9'))
            return null;

        isDisguised = true;
        Span<char> latin = stackalloc char[MaxLength];
        latin = latin[..word.Length];
        for (var i = 0; i < word.Length; i++)
            latin[i] = Letters.Latin(word[i]);
        if (latin.ContainsAnyExceptInRange('a', 'z'))
            return null;
        return lexicon.Find(latin) ?? FindWithL(lexicon, word, latin) ?? FindWithoutSymbols(lexicon, word, out isDisguised);
    }

    // A one or a bar is an i or an l.
    private static LexiconEntry? FindWithL(Lexicon lexicon, ReadOnlySpan<char> word, Span<char> latin)
    {
        if (!word.ContainsAny('1', '|'))
            return null;
        for (var i = 0; i < word.Length; i++)
            latin[i] = word[i] is '1' or '|' ? 'l' : latin[i];
        return lexicon.Find(latin);
    }

    // "$prompt", "@admin": the symbol is none of the letters.
    private static LexiconEntry? FindWithoutSymbols(Lexicon lexicon, ReadOnlySpan<char> word, out bool isDisguised)
    {
        isDisguised = false;
        var bare = word.TrimStart("@$!|+€").TrimEnd("@$");
        return bare.Length == word.Length || bare.IsEmpty ? null : lexicon.Find(bare);
    }
}
