namespace LlmKit.Control.Caching;

/// <summary>Reads the facets of one text in one pass over its tokens.</summary>
internal sealed class FacetReader(string text)
{
    private const double TitleCase = 0.6;

    private readonly List<TextToken> _tokens = Tokenizer.Split(text);
    private readonly List<string> _numbers = [];
    private readonly List<string> _codes = [];
    private readonly List<string> _units = [];
    private readonly List<string> _moments = [];
    private readonly List<string> _names = [];
    private readonly List<string> _content = [];
    private readonly List<string> _sequence = [];
    private readonly List<(int, int)> _sides = [];
    private readonly HashSet<string> _words = new(StringComparer.Ordinal);
    private int _negators;

    public TextFacets Read()
    {
        var trustsCapitals = TrustsCapitals();
        for (var i = 0; i < _tokens.Count; i++)
            Take(i, trustsCapitals);
        foreach (var symbol in text)
        {
            if (GuardLexicon.UnitOf(symbol) is { } unit)
                _units.Add(unit);
        }

        return new()
        {
            Numbers = Set(_numbers),
            Codes = Set(_codes),
            Units = Set(_units),
            Moments = Set(_moments),
            Quotes = Set(Quotations.Of(text)),
            Names = Set(_names),
            Words = _words,
            Content = [.. _content],
            Sequence = [.. _sequence],
            Sides = [.. _sides],
            IsNegated = _negators % 2 == 1,
            IsSymmetric = _words.Overlaps(["between", "vs", "versus", "or", "compare", "difference", "differences", "compared"]),
            Kind = QuestionKinds.Of(_tokens),
            Script = TextScripts.Of(text),
        };
    }

    private static string[] Set(List<string> values) => values.Count == 0 ? [] : [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static bool IsCapital(in TextToken token) => char.IsUpper(token.Text[0]);

    private void Take(int i, bool trustsCapitals)
    {
        var token = _tokens[i];
        var word = token.Lower;
        _words.Add(word);
        if (GuardLexicon.IsNegator(word) && !IsTag(i))
            _negators++;
        TakeMoment(i);
        TakeUnit(i);
        if (NumberAt(i, out var unit) is { } number)
        {
            _numbers.Add(number);
            _sequence.Add(number);
            _content.Add(number);
            if (unit.Length > 0)
                _units.Add(GuardLexicon.UnitOf(unit)!);
            return;
        }

        if (IsCode(token.Text))
            _codes.Add(word);
        if (trustsCapitals && IsCapital(token) && !token.StartsSentence && word.Length > 1 && !GuardLexicon.IsStop(word))
        {
            _names.Add(word);
            _sequence.Add(word);
        }

        TakeContent(word);
    }

    /// <summary>"One" is a pronoun, unless something is counted with it.</summary>
    private string? NumberAt(int i, out string unit)
    {
        unit = "";
        return _tokens[i].Lower == "one"
            ? i + 1 < _tokens.Count && GuardLexicon.IsUnit(_tokens[i + 1].Lower) ? "1" : null
            : NumberReader.Read(_tokens[i], out unit);
    }

    /// <summary>"Why not?" and "or not?" at the end of a sentence deny nothing.</summary>
    private bool IsTag(int i) => _tokens[i].Lower == "not" && i > 0 && _tokens[i - 1].Lower is "why" or "or"
        && (i + 1 == _tokens.Count || _tokens[i + 1].StartsSentence);

    private void TakeContent(string word)
    {
        var stem = GuardLexicon.Stem(word);
        foreach (var side in GuardLexicon.SidesOf(stem))
            _sides.Add(side);

        // Where something goes from and to is direction, not decoration.
        if (word is "from" or "to" || !GuardLexicon.IsStop(word))
            _content.Add(stem);
    }

    private void TakeMoment(int i)
    {
        var word = _tokens[i].Lower;
        if (GuardLexicon.IsMoment(word))
            _moments.Add(word);
        else if (i > 0 && GuardLexicon.IsSpan(word) && _tokens[i - 1].Lower is "last" or "next" or "this" or "previous" or "coming" or "past")
            _moments.Add($"{_tokens[i - 1].Lower} {word}");
    }

    /// <summary>A unit counts where something is measured: after a number, "square" or "cubic", and after "how many"; a currency counts everywhere.</summary>
    private void TakeUnit(int i)
    {
        if (GuardLexicon.UnitOf(_tokens[i].Lower) is not { } unit)
            return;
        if (unit is "usd" or "eur" or "gbp" or "inr" or "jpy" or "cny" or "celsius" or "fahrenheit" || (i > 0 && (NumberAt(i - 1, out _) is not null || _tokens[i - 1].Lower is "square" or "cubic" or "many")))
            _units.Add(unit);
    }

    /// <summary>In a title or a shout, capitals do not tell names.</summary>
    private bool TrustsCapitals()
    {
        var capitals = _tokens.Count(token => IsCapital(token));
        return _tokens.Count < 3 || capitals <= _tokens.Count * TitleCase;
    }

    /// <summary>Digits among letters, marks inside, or a capital in mid-word.</summary>
    private static bool IsCode(string token)
    {
        bool digit = false, letter = false, mark = false, camel = false;
        for (var i = 0; i < token.Length; i++)
        {
            digit |= char.IsDigit(token[i]);
            letter |= char.IsLetter(token[i]);
            mark |= token[i] is '_' or '#' or '+' or '-' || (token[i] == '.' && i > 0 && (i + 2 < token.Length || char.IsDigit(token[^1])));
            camel |= i > 0 && char.IsUpper(token[i]) && char.IsLower(token[i - 1]);
        }

        return (digit && letter) || mark || camel || (digit && token.Contains('.', StringComparison.Ordinal));
    }
}
