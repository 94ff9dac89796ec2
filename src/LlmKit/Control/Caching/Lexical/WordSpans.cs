namespace LlmKit.Control.Caching;

/// <summary>Goes through the words of a text without allocating: runs of letters and digits; characters of Chinese and Japanese and symbols one by one.</summary>
internal ref struct WordSpans(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _next;

    public ReadOnlySpan<char> Current { get; private set; }

    public bool MoveNext()
    {
        while (_next < _text.Length && LengthAt(_next) == 0)
            _next++;
        if (_next == _text.Length)
            return false;
        var start = _next;
        _next += LengthAt(start);
        if (!IsWhole(start))
        {
            while (_next < _text.Length && !IsWhole(_next) && (LengthAt(_next) == 1 || IsInside(_next)))
                _next++;
        }

        Current = _text[start.._next];
        return true;
    }

    /// <summary>Gives how many characters begin a word here; none for a gap.</summary>
    private readonly int LengthAt(int i)
    {
        if (char.IsLetterOrDigit(_text[i]))
            return 1;
        return i + 1 < _text.Length && char.IsSurrogatePair(_text[i], _text[i + 1]) ? 2 : 0;
    }

    /// <summary>Whether a word of its own begins here.</summary>
    private readonly bool IsWhole(int i) => Tokenizer.IsWordByItself(_text[i]) || char.IsSurrogate(_text[i]);

    /// <summary>Whether a mark belongs to the word around it: don't, v1.2, max_tokens.</summary>
    private readonly bool IsInside(int i) =>
        _text[i] is '\'' or '.' or '_' or '-' && i + 1 < _text.Length && char.IsLetterOrDigit(_text[i - 1]) && char.IsLetterOrDigit(_text[i + 1]) && !Tokenizer.IsWordByItself(_text[i + 1])
        && (_text[i] != '-' || char.IsDigit(_text[i + 1]));
}
