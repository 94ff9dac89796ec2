namespace LlmKit.Text.Injection.Words;

/// <summary>The words that matter, found by their first characters. A stem stands for every word that begins with it.</summary>
/// <remarks>Immutable and thread-safe; a look-up compares a handful of entries at most.</remarks>
internal sealed class Lexicon
{
    private readonly Dictionary<int, LexiconEntry[]> _buckets;
    private readonly bool[] _begins = new bool[32 * 32 * 32];

    /// <summary>Orders the entries: whole words before stems, long stems before short ones.</summary>
    public Lexicon(IEnumerable<LexiconEntry> entries)
    {
        _buckets = entries
            .GroupBy(entry => Key(entry.Word))
            .ToDictionary(group => group.Key, group => group.OrderBy(entry => entry.IsStem).ThenByDescending(entry => entry.Word.Length).ToArray());
        foreach (var word in _buckets.Values.SelectMany(bucket => bucket).Select(entry => entry.Word).Where(word => IsPlain(word)))
            _begins[PlainKey(word)] = true;
    }

    /// <summary>Whether some entry begins as a word of ASCII letters does; false for nearly every word of ordinary prose.</summary>
    public bool MayHold(ReadOnlySpan<char> plainWord) => _begins[PlainKey(plainWord)];

    /// <summary>The entry of a folded word, or null.</summary>
    public LexiconEntry? Find(ReadOnlySpan<char> word)
    {
        foreach (var entry in Bucket(word))
        {
            if (entry.IsStem ? word.StartsWith(entry.Word) : word.SequenceEqual(entry.Word))
                return entry;
        }

        return null;
    }

    /// <summary>The longest entry of so many characters at least with which a text without blanks begins, or null.</summary>
    public LexiconEntry? FindFirst(ReadOnlySpan<char> text, int leastLength)
    {
        LexiconEntry? best = null;
        foreach (var entry in Bucket(text))
        {
            if (entry.Word.Length >= leastLength && entry.Word.Length > (best?.Word.Length ?? 0) && text.StartsWith(entry.Word))
                best = entry;
        }

        return best;
    }

    private ReadOnlySpan<LexiconEntry> Bucket(ReadOnlySpan<char> word) => _buckets.GetValueOrDefault(Key(word));

    private static bool IsPlain(string word) => word.All(char.IsAsciiLetterLower);

    private static int PlainKey(ReadOnlySpan<char> word)
    {
        var key = word[0] & 31;
        key = (key << 5) | (word.Length > 1 ? word[1] & 31 : 0);
        return (key << 5) | (word.Length > 2 ? word[2] & 31 : 0);
    }

    // Three characters of alphabets, two of scripts whose words are short.
    private static int Key(ReadOnlySpan<char> word)
    {
        var key = word[0] | ((word.Length > 1 ? word[1] : 0) << 16);
        return word[0] < 0x250 && word.Length > 2 ? key ^ (word[2] << 8) : key;
    }
}
