using LlmKit.Text.Injection.Phrases;

namespace LlmKit.Text.Injection.Words;

/// <summary>Reads the words of a text once, from left to right, with their disguises taken off, and gives them to the matcher.</summary>
internal ref struct WordReader(ReadOnlySpan<char> text, Lexicon lexicon, PhraseMatcher matcher, LoneLetters lone, Span<char> buffer)
{
    private const int LeastGlued = 10;
    private const int LeastPart = 3;
    private const int MostBeforeColon = 3;

    private readonly ReadOnlySpan<char> _text = text;
    private readonly Lexicon _lexicon = lexicon;
    private readonly Span<char> _buffer = buffer;
    private PhraseMatcher _matcher = matcher;
    private LoneLetters _lone = lone;
    private bool _atLineStart = true;

    /// <summary>Reads the text and gives back the matcher with what it found.</summary>
    public PhraseMatcher Read()
    {
        for (var i = 0; i < _text.Length;)
        {
            var c = _text[i];
            if (char.IsAsciiLetter(c))
                i = ReadPlain(i);
            else if (c == ' ')
                i++;
            else
                i = c < 0x80 && !char.IsAsciiDigit(c) ? ReadMark(i, c) : ReadFolded(i);
        }

        FlushLone();
        return _matcher;
    }

    private int ReadPlain(int start)
    {
        var end = start + 1;
        while (end < _text.Length && char.IsAsciiLetter(_text[end]))
            end++;
        if (end < _text.Length && MayContinueWord(_text[end]))
            return ReadFolded(start);

        if (end - start == 1)
        {
            TakeLone((char)(_text[start] | 0x20), start, end);
            return end;
        }

        FlushLone();
        var word = _text[start..end];
        if (word.Length < LeastGlued ? _lexicon.MayHold(word) : word.Length <= _buffer.Length)
            TakeWord(Lower(word), start, end, isDisguised: false);
        else
            Skip(start);
        return end;
    }

    private static bool MayContinueWord(char c) => c >= 0x80 || char.IsAsciiDigit(c) || c == '\'' || Letters.IsSymbolForLetter(c);

    private readonly ReadOnlySpan<char> Lower(ReadOnlySpan<char> plainWord)
    {
        for (var i = 0; i < plainWord.Length; i++)
            _buffer[i] = (char)(plainWord[i] | 0x20);
        return _buffer[..plainWord.Length];
    }

    private int ReadMark(int i, char c)
    {
        if (c is '\n' or '.' or '!' or '?')
            ReadSentenceMark(i, c);
        else if (_matcher.TakeMark(i, _atLineStart) is > 0 and var length)
            return i + length;
        return Letters.IsSymbolForLetter(c) && i + 1 < _text.Length && char.IsAsciiLetterOrDigit(_text[i + 1]) ? ReadFolded(i) : i + 1;
    }

    // An empty line ends a sentence; the end of a line does not, for texts are wrapped.
    private void ReadSentenceMark(int i, char c)
    {
        if (c == '\n' ? _atLineStart : EndsSentence(i + 1))
            Break();
        _atLineStart |= c == '\n';
    }

    private readonly bool EndsSentence(int next) => next >= _text.Length || char.IsWhiteSpace(_text[next]) || _text[next] is '"' or '\'' or ')' or '”';

    private void Break()
    {
        FlushLone();
        _matcher.Break();
    }

    private int ReadFolded(int start)
    {
        var word = FoldedWord.Read(_text, start, _buffer);
        if (word.Length == 0)
            return word.End > start ? word.End : ReadUnspaced(start);
        if (word.Length == 1 && char.IsAsciiLetterOrDigit(_buffer[0]))
        {
            TakeLone(_buffer[0], word.Start, word.End);
            return word.End;
        }

        FlushLone();
        TakeWord(_buffer[..word.Length], word.Start, word.End, word.IsDisguised);
        return word.End;
    }

    private int ReadUnspaced(int i)
    {
        var c = Letters.Fold(_text, i, out var size);
        if (c == Letters.SentenceEnd)
            Break();
        if (!Letters.IsUnspaced(c))
            return i + size;

        FlushLone();
        if (_lexicon.FindFirst(_text[i..], leastLength: 2) is not { } entry)
        {
            Skip(i);
            return i + 1;
        }

        Take(entry, i, i + entry.Word.Length, isDisguised: false);
        return i + entry.Word.Length;
    }

    private void TakeLone(char letter, int start, int end)
    {
        if (!_lone.Continues(_text, start))
            FlushLone();
        _lone.Add(_text, letter, start, end);
    }

    private void FlushLone()
    {
        if (_lone.Count == 0)
        {
            _lone.Interrupt();
            return;
        }

        if (_lone.SpellsWord)
            TakeSpelled();
        else
            TakeEach();
        _lone.Clear();
    }

    private void TakeEach()
    {
        for (var i = 0; i < _lone.Count; i++)
            TakeKnown(_lexicon.Find(_lone.Text.Slice(i, 1)), _lone.StartOf(i), _lone.EndOf(i));
    }

    // With single blanks throughout nothing tells where a word ends, so the longest words known are taken out one by one.
    private void TakeSpelled()
    {
        var letters = _lone.Text;
        if (WordForm.Find(_lexicon, letters, out _) is { } whole)
        {
            Take(whole, _lone.StartOf(0), _lone.EndOf(letters.Length - 1), isDisguised: true);
            return;
        }

        Span<char> latin = stackalloc char[LoneLetters.Capacity];
        for (var i = 0; i < letters.Length; i++)
            latin[i] = Letters.Latin(letters[i]);
        for (var i = 0; i < letters.Length;)
        {
            var entry = _lexicon.FindFirst(latin[i..letters.Length], LeastPart);
            if (entry is not null)
                Take(entry, _lone.StartOf(i), _lone.EndOf(i + entry.Word.Length - 1), isDisguised: true);
            i += entry?.Word.Length ?? 1;
        }
    }

    private void TakeWord(ReadOnlySpan<char> word, int start, int end, bool isDisguised)
    {
        if (WordForm.Find(_lexicon, word, out var isFound) is { } entry)
            Take(entry, start, end, isDisguised || isFound);
        else if (word.Length < LeastGlued || !TryTakeGlued(word, start))
            Skip(start);
    }

    /// <summary>Takes words that were written without blanks, if known words make up the whole.</summary>
    private bool TryTakeGlued(ReadOnlySpan<char> word, int start)
    {
        for (var i = 0; i < word.Length;)
        {
            if (_lexicon.FindFirst(word[i..], LeastPart) is not { } part)
                return false;
            i += part.Word.Length;
        }

        for (var i = 0; i < word.Length;)
        {
            var part = _lexicon.FindFirst(word[i..], LeastPart)!;
            Take(part, start + i, Math.Min(start + i + part.Word.Length, _text.Length), isDisguised: true);
            i += part.Word.Length;
        }

        return true;
    }

    private void TakeKnown(LexiconEntry? entry, int start, int end)
    {
        if (entry is null)
            Skip(start);
        else
            Take(entry, start, end, isDisguised: false);
    }

    private void Take(LexiconEntry entry, int start, int end, bool isDisguised)
    {
        if (entry.HasMarks)
            entry = entry.Marked(_atLineStart, IsColonAt(end));
        _matcher.Take(entry, start, end, isDisguised);
        _atLineStart = false;
    }

    private void Skip(int start)
    {
        _matcher.Skip(start);
        _atLineStart = false;
    }

    private readonly bool IsColonAt(int end)
    {
        for (var i = end; i < Math.Min(end + MostBeforeColon, _text.Length); i++)
        {
            if (_text[i] is ':' or '：')
                return true;
            if (_text[i] is not (' ' or ']' or ')' or '*' or '"' or '>'))
                return false;
        }

        return false;
    }
}
