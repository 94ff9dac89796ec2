using System.Buffers;
using System.Numerics;
using LlmKit.Text.Locales.Patterns;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Locales;

/// <summary>Identifiers of one kind, by one shape or several. The search is for digits, which prose has few of.</summary>
internal sealed class IdentifierDetector : ProbeDetector
{
    private readonly Shape[] _shapes;
    private readonly ulong _digitOffsets;
    private readonly SearchValues<char> _starts;
    private readonly bool _hasDigit;

    public IdentifierDetector(string entity, IReadOnlyList<IdentifierRule> rules)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(entity);
        ArgumentNullException.ThrowIfNull(rules);
        if (rules.Count == 0)
            throw new ArgumentException($"The identifier '{entity}' has no rule. Give one or more.", nameof(rules));
        Entity = entity;
        Name = entity.ToLowerInvariant().Replace('_', '-');
        _shapes = [.. rules.Select(rule => new Shape(rule, PatternParser.Parse(rule.Pattern, rule.IsCaseSensitive), new ContextWords(rule.Context)))];
        _digitOffsets = _shapes.Aggregate(0ul, (offsets, shape) => offsets | shape.Pattern.DigitOffsets);
        _hasDigit = Array.TrueForAll(_shapes, shape => shape.Pattern.HasDigit);
        _starts = SearchValues.Create([.. Enumerable.Range(0, 128).Select(c => (char)c).Where(c => Array.Exists(_shapes, shape => shape.Pattern.CanStartWith(c)))]);
        Reach = _shapes.Max(shape => shape.Pattern.Longest) + 3;
    }

    public override string Name { get; }

    /// <summary>Gets the kind of what it finds.</summary>
    public string Entity { get; }

    protected override int Reach { get; }

    public override void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        if (!_hasDigit)
        {
            base.Scan(text, from, ref hits);
            return;
        }

        var cursor = new TextCursor(text);
        for (var digit = Chars.NextDigitRun(text, from); digit < text.Length; digit = Chars.NextDigitRun(text, digit + 1))
        {
            for (var offsets = _digitOffsets; offsets != 0; offsets &= offsets - 1)
            {
                var start = digit - BitOperations.TrailingZeroCount(offsets);
                if (start >= from && _starts.Contains(text[start]) && TryProbe(ref cursor, start, out var hit))
                    hits.Add(hit);
            }
        }
    }

    protected override int NextStart(ReadOnlySpan<char> text, int from)
    {
        var offset = text[from..].IndexOfAny(_starts);
        return offset < 0 ? text.Length : from + offset;
    }

    protected override bool TryProbe(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        if (!Chars.IsLeftBoundary(ref cursor, start) || (cursor[start - 1] is '-' or '.' or '/' && Chars.IsDigit(cursor[start - 2])))
            return false;
        foreach (var shape in _shapes)
        {
            var end = shape.Pattern.Match(ref cursor, start, shape.Rule.Check);
            if (end < 0)
                continue;
            var score = shape.Rule.Score;
            if (score < DetectionScore.High && shape.Context.Precede(ref cursor, start))
                score++;
            if (hit.Length == 0 || score > hit.Score || (score == hit.Score && end > hit.End))
                hit = new TextHit(Name, Entity, start, end - start, score);
        }

        return hit.Length > 0;
    }

    private sealed record Shape(IdentifierRule Rule, IdentifierPattern Pattern, ContextWords Context);
}
