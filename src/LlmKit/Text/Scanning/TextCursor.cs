namespace LlmKit.Text.Scanning;

/// <summary>A view of a text that remembers whether anything behind its end was asked for.</summary>
/// <remarks>
/// A decision that never reached the end is the same for every continuation of the text: this is what makes a stream equal the whole.
/// Outside the text stands U+0000, which belongs to no class of characters.
/// </remarks>
internal ref struct TextCursor(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private List<(object Tail, int From, int End, bool ReachedEnd)>? _followed;

    public bool ReachedEnd { get; set; }

    public char this[int index]
    {
        get
        {
            if ((uint)index < (uint)_text.Length)
                return _text[index];
            ReachedEnd |= index >= _text.Length;
            return '\0';
        }
    }

    /// <summary>Whether a word stands at a position, comparing no further than the first difference.</summary>
    public bool StartsWith(int index, string word)
    {
        for (var i = 0; i < word.Length; i++)
        {
            if (this[index + i] != word[i])
                return false;
        }

        return true;
    }

    /// <summary>Whether a tail was followed here before, over a position: then it ends where it did.</summary>
    public bool TryRecall(object tail, int position, out int end)
    {
        end = 0;
        if (_followed is null)
            return false;
        foreach (var followed in _followed)
        {
            if (!ReferenceEquals(followed.Tail, tail) || position < followed.From || position >= followed.End)
                continue;
            end = followed.End;
            ReachedEnd |= followed.ReachedEnd;
            return true;
        }

        return false;
    }

    /// <summary>Remembers where a tail ended that was followed from a position on, and whether that is the end of the text.</summary>
    public void Remember(object tail, int position, int end)
    {
        if (end == position)
            return;
        _followed ??= [];
        _followed.RemoveAll(followed => ReferenceEquals(followed.Tail, tail));
        _followed.Add((tail, position, end, ReachedEnd));
    }

    /// <summary>Up to so many characters before a position.</summary>
    public readonly ReadOnlySpan<char> Before(int index, int count) => _text[Math.Max(0, index - count)..index];

    /// <summary>Characters that were read before and are known to be there.</summary>
    public readonly ReadOnlySpan<char> Slice(int start, int length) => _text.Slice(start, length);
}
