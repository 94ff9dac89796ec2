namespace LlmKit.Text.Injection.Words;

/// <summary>A word that is more than plain ASCII letters, brought to its folded form.</summary>
/// <param name="Length">The number of folded characters; 0 if no word stands there.</param>
/// <param name="Start">The index of its first visible character.</param>
/// <param name="End">The index behind it, or behind the invisible characters that were read in vain.</param>
/// <param name="IsDisguised">Whether it holds invisible characters or ornamental letters.</param>
internal readonly record struct FoldedWord(int Length, int Start, int End, bool IsDisguised)
{
    /// <summary>Reads the word at an index into a buffer; what exceeds the buffer is read and not kept.</summary>
    public static FoldedWord Read(ReadOnlySpan<char> text, int start, Span<char> buffer)
    {
        var word = new FoldedWord(0, start, start, IsDisguised: false);
        var previous = Letters.Separator;
        var afterInvisible = false;
        for (var i = start; i < text.Length;)
        {
            var c = Letters.Fold(text, i, out var size);
            if (c == '\'' && word.Length > 0)
            {
                var tail = EndOfContraction(text, i + size);
                if (tail < 0)
                    break;
                if (tail == i + size + 1 && text[i + size] is 's' or 'S')
                    return word with { End = tail };
            }
            else if (c == Letters.Invisible)
            {
                afterInvisible = word.Length > 0;
                if (word.Length == 0)
                    word = word with { End = i + size };
            }
            else if (Continues(text, previous, c, i + size))
            {
                if (word.Length < buffer.Length)
                    buffer[word.Length] = c;
                var isDisguised = word.IsDisguised || afterInvisible || (text[i] >= 0x2000 && c < 0x80);
                word = new FoldedWord(Math.Min(word.Length + 1, buffer.Length), word.Length == 0 ? i : word.Start, i + size, isDisguised);
                previous = c;
            }
            else
            {
                break;
            }

            i += size;
        }

        return word;
    }

    private static bool Continues(ReadOnlySpan<char> text, char previous, char c, int next)
    {
        if (c is Letters.Separator or Letters.SentenceEnd || Letters.IsUnspaced(c))
            return false;
        if (Letters.IsSymbolForLetter(c))
            return (previous != Letters.Separator && c is '@' or '$' or '€') || (next < text.Length && char.IsAsciiLetterOrDigit(text[next]));
        // A Latin name and the Korean ending that clings to it are two words.
        return Letters.IsWord(c) && (previous == Letters.Separator || Letters.IsHangul(previous) == Letters.IsHangul(c));
    }

    // One or two letters, as in "don't" and "you're"; more is a word of its own, as in "l'instruction".
    private static int EndOfContraction(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && end - start <= 2 && char.IsAsciiLetter(text[end]))
            end++;
        return end - start is 1 or 2 ? end : -1;
    }
}
