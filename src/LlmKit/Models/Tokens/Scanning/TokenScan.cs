namespace LlmKit.Models;

/// <summary>Counts the likely tokens of a text that comes in pieces: however it is cut, the total is that of the whole.</summary>
/// <remarks>
/// A text is read as runs of one class of characters; a capital begins the word whose lower-case letters follow it. The run that has not ended is
/// part of the state, so that a cut inside it, a character of two UTF-16 halves included, changes nothing.
/// </remarks>
internal struct TokenScan
{
    private TokenMix _ended;
    private int _length;
    private int _score;
    private char _symbol;
    private CharacterClass _run;
    private CharacterClass _before;
    private byte _letter;
    private bool _isVietnamese;
    private bool _areBrackets;
    private bool _isOneSymbol;

    /// <summary>Gets the likely tokens so far.</summary>
    public readonly long Total => TokenMix.Tokens(Mix.Sum);

    /// <summary>Gets the likely tokens so far, by kind.</summary>
    public readonly TokenMix Mix
    {
        get
        {
            var copy = this;
            copy.EndRun();
            return copy._ended;
        }
    }

    public void Add(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (char.IsAsciiLetterLower(c))
            {
                i += AddLetters(text[i..]);
                continue;
            }

            i++;
            Add(c);
        }
    }

    /// <summary>Ends a text: the next does not belong to it. Each has whole tokens, as a tokenizer gives them.</summary>
    public void EndText()
    {
        EndRun();
        _ended.Round();
        _run = _before = CharacterClass.None;
    }

    private void Add(char c)
    {
        switch (CharacterClasses.Of(c))
        {
            case CharacterClass.Upper:
                AddUpper(c);
                break;
            case CharacterClass.Accented:
                AddAccented(c);
                break;
            case CharacterClass.Symbol:
                AddSymbol(c);
                break;
            case CharacterClass.Digit:
                AddDigit();
                break;
            case CharacterClass.Trailing:
                break;
            case var other:
                Continue(other);
                break;
        }
    }

    /// <summary>Takes the lower-case letters at the start of a text; most of most texts is these.</summary>
    private int AddLetters(ReadOnlySpan<char> text)
    {
        if (_run != CharacterClass.Lower)
            BeginWord();
        var count = 0;
        var score = _score;
        var before = _letter;
        while (count < text.Length && char.IsAsciiLetterLower(text[count]))
        {
            var letter = LetterPairs.IndexOf(text[count++]);
            score += LetterPairs.Score(before, letter);
            before = letter;
        }

        _length += count;
        _score = score;
        _letter = before;
        return count;
    }

    private void AddAccented(char c)
    {
        if (_run != CharacterClass.Lower)
            BeginWord();
        _length++;
        _score += LetterPairs.Accent;
        _letter = LetterPairs.None;
        _isVietnamese |= c >= '\u1E00';
    }

    private void AddUpper(char c)
    {
        Continue(CharacterClass.Upper);
        _letter = LetterPairs.IndexOf(c);
    }

    /// <summary>Begins a word; the capital before it, the last of several, is its first letter.</summary>
    private void BeginWord()
    {
        if (_run != CharacterClass.Upper)
        {
            Begin(CharacterClass.Lower);
            _letter = LetterPairs.Edge;
            return;
        }

        var capital = _letter;
        if (_length > 1)
        {
            _length--;
            Begin(CharacterClass.Lower);
        }
        else
        {
            _run = CharacterClass.Lower;
            _score = 0;
            _isVietnamese = false;
        }

        _length = 1;
        _score += LetterPairs.Score(LetterPairs.Edge, capital);
        _letter = capital;
    }

    private void AddSymbol(char c)
    {
        if (_run != CharacterClass.Symbol)
        {
            Begin(CharacterClass.Symbol);
            _symbol = c;
            _areBrackets = _isOneSymbol = true;
        }

        _length++;
        _isOneSymbol &= c == _symbol;
        _areBrackets &= c is '"' or '{' or '}' or '[' or ']' or ':' or ',';
    }

    private void AddDigit()
    {
        if (_run == CharacterClass.Space && _length == 1)
            _ended.Add(TokenKind.Marks, RunCosts.SpaceBeforeDigits);
        Continue(CharacterClass.Digit);
    }

    private void Continue(CharacterClass run)
    {
        if (_run != run)
            Begin(run);
        _length++;
    }

    private void Begin(CharacterClass run)
    {
        EndRun();
        _before = _run;
        _run = run;
        _score = 0;
        _isVietnamese = false;
    }

    private void EndRun()
    {
        if (_length == 0)
            return;
        switch (_run)
        {
            case CharacterClass.Lower:
                var language = RunCosts.LanguageOf(_score + LetterPairs.Score(_letter, LetterPairs.Edge), _isVietnamese);
                _ended.Add(RunCosts.KindOf(language), RunCosts.Word(_length, language, _before));
                break;
            case CharacterClass.Upper:
                _ended.Add(TokenKind.Words, RunCosts.CapitalRun(_length, _before));
                break;
            case CharacterClass.Symbol:
                _ended.Add(TokenKind.Marks, RunCosts.SymbolRun(_length, _isOneSymbol, _areBrackets));
                break;
            case CharacterClass.Digit:
                _ended.Add(TokenKind.Marks, (_length + 2L) / 3 * RunCosts.PerThreeDigits);
                break;
            case CharacterClass.Space:
                _ended.Add(TokenKind.Marks, _length > 1 ? RunCosts.Spaces : 0);
                break;
            case CharacterClass.Newline:
                _ended.Add(TokenKind.Marks, _before == CharacterClass.Symbol ? 0 : RunCosts.Newlines);
                break;
            default:
                var (kind, run, letter) = RunCosts.Script(_run);
                _ended.Add(kind, run + (long)_length * letter);
                break;
        }

        _length = 0;
    }
}
