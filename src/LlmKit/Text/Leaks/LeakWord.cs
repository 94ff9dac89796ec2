using LlmKit.Text.Injection.Words;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Leaks;

/// <summary>A word of a text by its hash: letters and digits without case, accents and invisible characters. An ideograph is a word of its own.</summary>
internal readonly record struct LeakWord(ulong Hash, int End, bool IsIdeograph)
{
    /// <summary>The most characters of a word; a longer run of letters is none.</summary>
    public const int MaxLength = 64;

    /// <summary>The most characters between two words in a row.</summary>
    public const int MaxGap = 32;

    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>Combines the hash of words with that of the next (FNV-1a, 64 bits).</summary>
    public static ulong Join(ulong words, ulong next) => ((words ^ next) * Prime) ^ (words >> 29);

    /// <summary>Reads the word at an index; false if none begins there.</summary>
    public static bool TryRead(ref TextCursor cursor, int start, out LeakWord word)
    {
        var (hash, end) = (Offset, start);
        for (var i = start; i - start <= MaxLength; i++)
        {
            var c = Fold(cursor[i]);
            if (Letters.IsUnspaced(c) && i == start)
            {
                word = new LeakWord((hash ^ c) * Prime, i + 1, IsIdeograph: true);
                return true;
            }

            if (c == Letters.Invisible && end > start && !cursor.ReachedEnd)
                continue;
            if (!IsLetter(c))
            {
                word = new LeakWord(hash, end, IsIdeograph: false);
                return end > start;
            }

            (hash, end) = ((hash ^ c) * Prime, i + 1);
        }

        word = default;
        return false;
    }

    /// <summary>The index of the next word behind the end of one; false if too much stands between or nothing follows.</summary>
    public static bool TrySkipGap(ref TextCursor cursor, int end, out int start)
    {
        for (start = end; start - end <= MaxGap; start++)
        {
            var c = Fold(cursor[start]);
            if (IsLetter(c) || Letters.IsUnspaced(c))
                return true;
            if (cursor.ReachedEnd)
                return false;
        }

        return false;
    }

    /// <summary>Whether a word begins at an index.</summary>
    public static bool BeginsAt(ReadOnlySpan<char> text, int index)
    {
        var c = Fold(text[index]);
        if (Letters.IsUnspaced(c))
            return true;
        if (!IsLetter(c))
            return false;
        var before = index - 1;
        while (before >= 0 && index - before < MaxLength && Fold(text[before]) == Letters.Invisible)
            before--;
        return before < 0 || !IsLetter(Fold(text[before]));
    }

    /// <summary>The beginning of the word that ends at an index.</summary>
    public static int StartOf(ref TextCursor cursor, int end)
    {
        var start = end - 1;
        if (Letters.IsUnspaced(Fold(cursor[start])))
            return start;
        for (var i = start; i >= 0 && end - i <= MaxLength; i--)
        {
            var c = Fold(cursor[i]);
            if (IsLetter(c))
                start = i;
            else if (c != Letters.Invisible)
                break;
        }

        return start;
    }

    private static bool IsLetter(char c) => Letters.IsWord(c) && c is not (Letters.Separator or Letters.SentenceEnd) && !Letters.IsUnspaced(c);

    private static char Fold(char c)
    {
        if (c < 0x80)
            return char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
        return Letters.Fold(new ReadOnlySpan<char>(in c), 0, out _);
    }
}
