using LlmKit.Text.Injection.Words;

namespace LlmKit.Text.Injection.Phrases;

/// <summary>Reads tables of phrases, one a line, so that adding a phrase is adding a line.</summary>
/// <remarks>
/// <c># comment</c>. <c>@name word word …</c> adds words to a named set. <c>[rule weight] word …</c> begins a rule; the words behind it
/// deny its phrases when one stands just before. Every other line is a phrase of the rule: words in a row, where <c>a|b</c> is a
/// choice, <c>stem*</c> a beginning, <c>{name}</c> a set, <c>~n</c> at most n further words, <c>^word</c> one at the beginning of a
/// line and <c>word:</c> one with a colon behind it. Case, accents and apostrophes do not matter. <c>"text</c> is a mark that must stand
/// as it is, but for case; <c>"#text</c> a heading.
/// </remarks>
internal sealed class PhraseTable
{
    private readonly Dictionary<string, List<string>> _named = [];
    private readonly Dictionary<string, int> _setsByWords = [];
    private readonly SortedDictionary<string, HashSet<int>> _setsOfWord = new(StringComparer.Ordinal);
    private readonly List<PhraseRule> _rules = [];
    private readonly List<Phrase> _phrases = [];
    private readonly List<(string Mark, int Rule)> _marks = [];
    private int _rule = -1;

    private PhraseTable()
    {
    }

    /// <summary>Compiles tables into a book; sets of one table can be used in the next.</summary>
    /// <exception cref="FormatException">A line cannot be read.</exception>
    public static PhraseBook Compile(params ReadOnlySpan<string> tables)
    {
        var table = new PhraseTable();
        foreach (var text in tables)
        {
            foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                table.Read(line);
        }

        return new PhraseBook([.. table._rules], [.. table._phrases], table._setsByWords.Count, table.ToLexicon(), new ForgedMarks(table._marks));
    }

    private void Read(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts[0] == "#")
            return;
        if (line[0] == '@')
            ReadSet(parts);
        else if (line[0] == '[')
            ReadRule(parts);
        else if (line[0] == '"')
            _marks.Add((line[1..], _rule));
        else
            ReadPhrase(parts);
    }

    private void ReadSet(string[] parts)
    {
        var name = parts[0][1..];
        if (!_named.TryGetValue(name, out var words))
            _named[name] = words = [];
        words.AddRange(parts.Skip(1).SelectMany(Expand));
    }

    private void ReadRule(string[] parts)
    {
        var (name, weight) = (parts[0][1..], int.Parse(parts[1].TrimEnd(']'), System.Globalization.CultureInfo.InvariantCulture));
        _rule = _rules.FindIndex(rule => rule.Name == name);
        if (_rule >= 0)
            return;
        _rule = _rules.Count;
        _rules.Add(new PhraseRule(name, weight, parts.Length > 2 ? SetOf(parts.Skip(2).SelectMany(Expand)) : -1));
    }

    private void ReadPhrase(string[] parts)
    {
        List<int> sets = [];
        List<int> gaps = [];
        var gap = 0;
        foreach (var part in parts)
        {
            if (part[0] == '~')
            {
                gap = int.Parse(part.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
                continue;
            }

            if (sets.Count > 0)
                gaps.Add(gap);
            sets.Add(SetOf(part.Split('|').SelectMany(Expand)));
            gap = 0;
        }

        if (_rule < 0 || sets.Count == 0)
            throw new FormatException($"The line '{string.Join(' ', parts)}' belongs to no rule. Begin a rule with '[name weight]'.");
        _phrases.Add(new Phrase(_rule, [.. sets], [.. gaps], _rules[_rule].Unless));
    }

    private IEnumerable<string> Expand(string word)
    {
        if (word[0] != '{')
            return [Normal(word)];
        return _named.TryGetValue(word.Trim('{', '}'), out var words) ? words : throw new FormatException($"The set '{word}' is not declared. Add '@name words' before it.");
    }

    private int SetOf(IEnumerable<string> words)
    {
        string[] sorted = [.. words.Distinct().Order(StringComparer.Ordinal)];
        var key = string.Join('|', sorted);
        if (_setsByWords.TryGetValue(key, out var set))
            return set;
        _setsByWords[key] = set = _setsByWords.Count;
        foreach (var word in sorted)
        {
            if (!_setsOfWord.TryGetValue(word, out var sets))
                _setsOfWord[word] = sets = [];
            sets.Add(set);
        }

        return set;
    }

    // The marks stay: ^ at the beginning, : or * at the end.
    private static string Normal(string word) => string.Concat(Enumerable.Range(0, word.Length)
        .Select(i => word[i] is '^' or ':' or '*' ? word[i] : Letters.Fold(word, i, out _))
        .Where(c => c is not (Letters.Invisible or '\'')));

    private Lexicon ToLexicon() => new(_setsOfWord.Keys
        .Select(word => (Word: word.Trim('^', ':', '*'), IsStem: word.EndsWith('*')))
        .Distinct()
        .Select(key => Entry(key.Word, key.IsStem, "", "") is var plain && key.IsStem ? plain : WithMarks(plain)));

    private LexiconEntry WithMarks(LexiconEntry plain)
    {
        string[] marked = ["^" + plain.Word, plain.Word + ":", "^" + plain.Word + ":"];
        return marked.Any(_setsOfWord.ContainsKey)
            ? plain.WithMarks(Entry(plain.Word, isStem: false, "^", ""), Entry(plain.Word, isStem: false, "", ":"), Entry(plain.Word, isStem: false, "^", ":"))
            : plain;
    }

    /// <summary>A word is in the sets of its unmarked form and of all stems it begins with.</summary>
    private LexiconEntry Entry(string word, bool isStem, string before, string behind)
    {
        string[] keys = [word, before + word, word + behind, before + word + behind];
        IEnumerable<string> names = isStem ? [] : keys;
        int[] sets =
        [
            .. names.Concat(Enumerable.Range(1, word.Length).Select(length => word[..length] + "*"))
                .SelectMany(key => _setsOfWord.TryGetValue(key, out var sets) ? sets : [])
                .Distinct().Order(),
        ];
        return new LexiconEntry(word, isStem, sets, [.. Enumerable.Range(0, _phrases.Count).Where(i => sets.Contains(_phrases[i].Sets[^1]))]);
    }
}
