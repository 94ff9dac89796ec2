using System.Buffers;
using System.Collections.Frozen;

namespace LlmKit.Text.Detectors;

/// <summary>Terms of a list, as whole words and whatever their case. Scripts without blanks between words need no boundary.</summary>
internal sealed class TermDetector : ISpanDetector
{
    private readonly string _rule;
    private readonly string[] _sorted;
    private readonly int _longest;
    private readonly SearchValues<string> _search;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _terms;
    private readonly FrozenDictionary<char, int[]> _lengths;

    public TermDetector(IEnumerable<string> terms, string rule, string entity)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(entity);
        (_rule, Entity) = (rule, entity);

        var set = terms.Select(Trim).Where(term => term.Length > 0).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _sorted = [.. set.Order(StringComparer.OrdinalIgnoreCase)];
        _longest = _sorted.Length == 0 ? 0 : _sorted.Max(term => term.Length);
        _search = SearchValues.Create(_sorted, StringComparison.OrdinalIgnoreCase);
        _terms = set.GetAlternateLookup<ReadOnlySpan<char>>();
        _lengths = _sorted
            .GroupBy(term => char.ToUpperInvariant(term[0]), term => term.Length)
            .ToFrozenDictionary(group => group.Key, group => group.Distinct().OrderDescending().ToArray());
    }

    public string Name => _rule;

    /// <summary>Gets the kind of what it finds.</summary>
    public string Entity { get; }

    public void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        for (; from < text.Length; from++)
        {
            var offset = text[from..].IndexOfAny(_search);
            if (offset < 0)
                return;
            from += offset;
            var length = LongestAt(text, from);
            if (length > 0)
                hits.Add(new TextHit(_rule, Entity, from, length, DetectionScore.High));
        }
    }

    public int EarliestOpen(ReadOnlySpan<char> text, int from)
    {
        for (var start = Math.Max(from, text.Length - _longest); start < text.Length; start++)
        {
            if (IsBoundary(text, start) && BeginsTerm(text[start..]))
                return start;
        }

        return text.Length;
    }

    private static string Trim(string term)
    {
        ArgumentNullException.ThrowIfNull(term);
        return term.Trim();
    }

    private int LongestAt(ReadOnlySpan<char> text, int start)
    {
        if (!IsBoundary(text, start) || !_lengths.TryGetValue(char.ToUpperInvariant(text[start]), out var lengths))
            return 0;
        foreach (var length in lengths)
        {
            if (length <= text.Length - start && IsBoundary(text, start + length) && _terms.Contains(text.Slice(start, length)))
                return length;
        }

        return 0;
    }

    private bool BeginsTerm(ReadOnlySpan<char> text)
    {
        var (low, high) = (0, _sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_sorted[middle].AsSpan().CompareTo(text, StringComparison.OrdinalIgnoreCase) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _sorted.Length && _sorted[low].AsSpan().StartsWith(text, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsBoundary(ReadOnlySpan<char> text, int index) =>
        index == 0 || index == text.Length || !IsWord(text[index - 1]) || !IsWord(text[index]);

    // Thai to Lao, and ideographs, kana and Hangul: written without blanks, or with endings that cling to the word.
    private static bool IsWord(char c) =>
        c == '_' || (char.IsLetterOrDigit(c) && c is not ((>= '\u0E00' and <= '\u0EFF') or (>= '\u2E80' and <= '\uD7FF')));
}
