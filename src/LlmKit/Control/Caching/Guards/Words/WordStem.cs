namespace LlmKit.Control.Caching;

/// <summary>Takes the commonest English endings off, so that rise, rises and rising are one.</summary>
internal static class WordStem
{
    private const int LongestOnStack = 128;

    public static string Of(string word)
    {
        Span<char> letters = word.Length <= LongestOnStack ? stackalloc char[LongestOnStack] : new char[word.Length];
        word.CopyTo(letters);
        letters = letters[..word.Length];
        var length = Shorten(letters);
        return letters[..length].SequenceEqual(word) ? word : letters[..length].ToString();
    }

    /// <summary>Shortens a word in lower case where it stands, and gives its new length.</summary>
    public static int Shorten(Span<char> word)
    {
        var length = word.Length;
        if (length <= 3 || !char.IsAsciiLetter(word[^1]))
            return length;
        if (length > 4 && word.EndsWith("ies"))
        {
            word[length - 3] = 'y';
            return length - 2;
        }

        length -= EndingOf(word);
        if (length > 4 && word[length - 1] == 'e')
            length--;
        if (length > 4 && word[length - 1] == word[length - 2] && word[length - 1] is not ('l' or 's' or 'e'))
            length--;
        return length;
    }

    private static int EndingOf(ReadOnlySpan<char> word) => word switch
    {
        { Length: > 5 } when word.EndsWith("ing") => 3,
        { Length: > 4 } when word.EndsWith("ed") => 2,
        [.., not ('s' or 'u' or 'i'), 's'] => 1,

        // Indian and India, Korean and Korea, American and America.
        { Length: > 5 } when word.EndsWith("ian") || word.EndsWith("ean") || word.EndsWith("ican") => 1,
        _ => 0,
    };
}
