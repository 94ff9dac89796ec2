using System.Globalization;

namespace LlmKit.Control.Caching;

/// <summary>Reads the facets of one text in one pass over its tokens.</summary>
internal sealed class FacetReader
{
    /// <summary>What stands behind so many tokens counts as one code, so that every difference there forbids.</summary>
    private const int MostTokens = 4_096;

    private const double TitleCase = 0.6;

    private readonly string _text;
    private readonly List<TextToken> _tokens;
    private readonly FacetLists _lists = new();
    private readonly WordLine _content = new();
    private readonly WordLine _names = new();
    private readonly WordLine _numbers = new();
    private readonly TextLanguage _language;
    private readonly bool _trustsCapitals;
    private int _negators;

    public FacetReader(string text)
    {
        _text = PlainCharacters.Of(text);
        _tokens = Tokenizer.Split(_text);
        if (_tokens.Count > MostTokens)
            CutTail();
        _language = LanguageReader.Of(_tokens);
        _trustsCapitals = TrustsCapitals();
    }

    public TextFacets Read()
    {
        for (var i = 0; i < _tokens.Count; i++)
            Take(i);
        foreach (var symbol in _text)
        {
            if (UnitWords.UnitOf(symbol) is { } unit)
                Add(FacetPart.Units, unit);
        }

        foreach (var word in Quotations.Of(_text, _tokens))
            Add(FacetPart.Quotes, word);
        NameInitials.AddTo(_lists[FacetPart.Words], _tokens);
        _lists[FacetPart.Content].AddRange(_content.InOrder(_text, _tokens));
        _lists[FacetPart.NameOrder].AddRange(_names.InOrder(_text, _tokens));
        _lists[FacetPart.NumberOrder].AddRange(_numbers.InOrder(_text, _tokens));
        _lists[FacetPart.Terms].AddRange(_lists[FacetPart.Content]);
        return _lists.ToFacets(new(QuestionReader.Of(_tokens), ScriptReader.Of(_text), _language, SentenceShape.Of(_tokens, _negators % 2 == 1)));
    }

    private static bool IsCapital(in TextToken token) => char.IsUpper(token.Text[0]);

    private void Take(int i)
    {
        var token = _tokens[i];
        var stem = WordStem.Of(token.Lower);
        Add(FacetPart.Words, token.Lower);
        Add(FacetPart.Words, stem);
        if (IsNegator(i))
            _negators++;
        TakeMoment(i);
        TakeUnit(i);
        if (NumberAt(i, out var unit) is { } number)
            TakeNumber(i, number, unit);
        else if (!IsMultiplier(i))
            TakeWord(i, stem);
    }

    private void TakeNumber(int i, decimal number, string unit)
    {
        var next = i + 1 < _tokens.Count ? _tokens[i + 1].Lower : "";
        var written = WordHash.Of(NumberReader.Format(NumberReader.Times(number, UnitWords.MultiplierOf(next))));
        _lists[FacetPart.Numbers].Add(written);
        _numbers.Add(written, i);
        _content.Add(written, i);
        if (unit.Length > 0)
            Add(FacetPart.Units, unit);
        if (NumberBounds.SideBefore(_tokens, i) is { } side)
            _lists[FacetPart.Sides].Add(side);
    }

    private void TakeWord(int i, string stem)
    {
        var token = _tokens[i];
        var isSymbol = char.IsSurrogate(token.Text[0]);
        if (CodeShape.IsCode(token.Text))
            Add(FacetPart.Codes, token.Lower);
        var isName = isSymbol || (_trustsCapitals && IsCapital(token) && !token.StartsSentence && token.Lower.Length > 1 && !GuardLexicon.IsStop(token.Lower) && UnitWords.CurrencyOf(token.Lower) is null);
        if (isName)
        {
            Add(FacetPart.Names, stem);
            _names.Add(WordHash.Of(stem), i);
        }

        if (!NumberBounds.IsTurned(_tokens, i))
            _lists[FacetPart.Sides].AddRange(OppositeWords.SidesOf(stem));
        if (GuardLexicon.IsStop(token.Lower))
            TakeCourse(i);
        else
            TakeContent(i, stem, isName);
    }

    private void TakeContent(int i, string stem, bool isName)
    {
        var meaning = KindredWords.MeaningOf(stem);
        var hash = WordHash.Of(meaning);
        _content.Add(hash, i);
        if (isName || !KindredWords.IsGeneral(stem))
            Add(FacetPart.Specific, KindredWords.FamilyOf(meaning));
        if (DenyingPrefix.RestOf(stem) is { } rest)
            Add(FacetPart.Denied, KindredWords.MeaningOf(rest));
    }

    /// <summary>Where something comes from and goes to: the word that follows, with the direction in its lowest bit.</summary>
    private void TakeCourse(int i)
    {
        uint? to = _tokens[i].Lower switch { "from" => 0, "to" or "into" or "onto" or "towards" or "toward" => 1, _ => null };
        if (to is null)
            return;
        for (var next = i + 1; next < _tokens.Count && next <= i + 3; next++)
        {
            if (GuardLexicon.IsStop(_tokens[next].Lower))
                continue;
            var place = WordHash.Of(KindredWords.MeaningOf(WordStem.Of(_tokens[next].Lower)));
            _lists[FacetPart.Courses].Add((place & ~1u) | to.Value);
            return;
        }
    }

    private void TakeMoment(int i)
    {
        var word = _tokens[i].Lower;
        if (GuardLexicon.IsMoment(word) || _tokens[i] is { Text: "May", StartsSentence: false })
            Add(FacetPart.Moments, word);
        else if (i > 0 && GuardLexicon.IsSpan(word) && _tokens[i - 1].Lower is "last" or "next" or "this" or "previous" or "coming" or "past")
            Add(FacetPart.Moments, $"{_tokens[i - 1].Lower} {word}");
    }

    /// <summary>A unit counts where something is measured: after a number, "square" or "cubic", and after "how many"; a currency counts everywhere.</summary>
    private void TakeUnit(int i)
    {
        var word = _tokens[i].Lower;
        if (UnitWords.CurrencyOf(word) is { } currency)
            Add(FacetPart.Units, currency);
        else if (UnitWords.UnitOf(word) is { } unit && i > 0 && (NumberAt(i - 1, out _) is not null || _tokens[i - 1].Lower is "square" or "cubic" or "many"))
            Add(FacetPart.Units, unit);
    }

    /// <summary>"One" is a pronoun, unless something is counted with it.</summary>
    private decimal? NumberAt(int i, out string unit)
    {
        unit = "";
        if (_tokens[i].Lower != "one")
            return NumberReader.Read(_tokens[i], out unit);
        return i + 1 < _tokens.Count && (UnitWords.UnitOf(_tokens[i + 1].Lower) is not null || UnitWords.MultiplierOf(_tokens[i + 1].Lower) is not null) ? 1 : null;
    }

    private bool IsMultiplier(int i) => i > 0 && UnitWords.MultiplierOf(_tokens[i].Lower) is not null && NumberAt(i - 1, out _) is not null;

    /// <summary>"Why not?" and "or not?" at the end of a sentence deny nothing, nor does "no more than".</summary>
    private bool IsNegator(int i)
    {
        var word = _tokens[i].Lower;
        if (!(GuardLexicon.IsNegator(word) || LanguageWords.IsNegator(word, _language)) || NumberBounds.IsTurned(_tokens, i + 1))
            return false;
        return !(word == "not" && i > 0 && _tokens[i - 1].Lower is "why" or "or" && (i + 1 == _tokens.Count || _tokens[i + 1].StartsSentence));
    }

    /// <summary>In a title or a shout, capitals do not tell names.</summary>
    private bool TrustsCapitals()
    {
        var capitals = _tokens.Count(token => IsCapital(token));
        return _tokens.Count < 3 || capitals <= _tokens.Count * TitleCase;
    }

    private void CutTail()
    {
        var tail = string.Create(CultureInfo.InvariantCulture, $"{WordHash.Of(_text.AsSpan(_tokens[MostTokens].Start)):x8} {_text.Length - _tokens[MostTokens].Start}");
        _tokens.RemoveRange(MostTokens, _tokens.Count - MostTokens);
        Add(FacetPart.Codes, tail);
        Add(FacetPart.Words, tail);
    }

    private void Add(FacetPart part, string word) => _lists[part].Add(WordHash.Of(word));
}
