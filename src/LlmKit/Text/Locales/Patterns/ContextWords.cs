using System.Buffers;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Locales.Patterns;

/// <summary>Words that tell what an identifier behind them is.</summary>
internal sealed class ContextWords
{
    private const int Window = 40;
    private const int WholeWordLength = 3;

    private readonly string[] _words;
    private readonly SearchValues<string> _search;

    public ContextWords(IEnumerable<string> words)
    {
        _words = [.. words];
        if (Array.Exists(_words, string.IsNullOrWhiteSpace))
            throw new ArgumentException("A context word is empty. Remove it.");
        _search = SearchValues.Create(_words, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether one of the words stands within 40 characters before a position.</summary>
    public bool Precede(ref TextCursor cursor, int start)
    {
        if (_words.Length == 0)
            return false;
        // One more, to see whether the window cuts a word in two.
        var before = cursor.Before(start, Window + 1);
        for (var from = before.Length > Window ? 1 : 0; from < before.Length;)
        {
            var offset = before[from..].IndexOfAny(_search);
            if (offset < 0)
                return false;
            from += offset;
            if (IsWordStart(before, from) && IsWordOfList(before[from..]))
                return true;
            from++;
        }

        return false;
    }

    // Scripts without blanks between words have no boundary to look for.
    private static bool IsWordStart(ReadOnlySpan<char> text, int index) =>
        index == 0 || !char.IsAsciiLetterOrDigit(text[index - 1]) || !char.IsAscii(text[index]);

    private bool IsWordOfList(ReadOnlySpan<char> text)
    {
        foreach (var word in _words)
        {
            if (!text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                continue;
            if (word.Length > WholeWordLength || text.Length == word.Length || !char.IsAsciiLetter(text[word.Length]) || !char.IsAscii(word[^1]))
                return true;
        }

        return false;
    }
}
