using System.Text;
using LlmKit.Text.Placeholders;
using LlmKit.Text.Scanning;
using LlmKit.Text.Streaming;

namespace LlmKit.Text;

/// <summary>Replaces what its detectors find in a text, in one pass over the original.</summary>
/// <remarks>
/// Immutable and thread-safe: one redactor may serve every call and every sink. Detectors read a text as it is seen: characters without
/// width hide nothing, and wide forms count as the plain ones; offsets are those of the original. A text in which nothing is found comes
/// back as the same reference and costs no allocation.
/// </remarks>
public sealed class TextRedactor
{
    /// <summary>The owner of a match that no rule found: an overflow of the hold.</summary>
    internal const int Nobody = -1;

    private readonly TextRule[] _rules;
    private readonly RedactionStyle? _nobodysStyle;
    private readonly bool _hasStops;
    private readonly bool _readsRaw;

    /// <summary>Creates a redactor.</summary>
    /// <param name="detectors">The detectors; see <see cref="TextDetectors"/>. Their order does not matter.</param>
    /// <param name="options">The settings, read now; null takes the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="detectors"/> or one of them is null, or the style is.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public TextRedactor(IEnumerable<ISpanDetector> detectors, TextRedactorOptions? options = null)
        : this(RulesOf(detectors, options ??= new()), options)
    {
    }

    private TextRedactor(TextRule[] rules, TextRedactorOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxHoldback, TextRedactorOptions.LeastMaxHoldback);
        _rules = rules;
        _hasStops = Array.Exists(_rules, rule => rule.Stops);
        _readsRaw = Array.Exists(_rules, rule => rule.ReadsRaw);
        _nobodysStyle = options.Style;
        MinScore = options.MinScore;
        MaxHoldback = options.MaxHoldback;
        OnOverflow = options.OnOverflow;
    }

    internal DetectionScore MinScore { get; }

    internal int MaxHoldback { get; }

    internal HoldbackOverflow OnOverflow { get; }

    internal ReadOnlySpan<TextRule> Rules => _rules;

    /// <summary>Creates a redactor whose rules each have a style of their own, or stop the text.</summary>
    internal static TextRedactor Of(IEnumerable<TextRule> rules, TextRedactorOptions options) => new([.. rules], options);

    /// <summary>Replaces what is found in a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The redacted text; the same reference if nothing was found.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var findings = Examine(text);
        return findings.Replaced.Count == 0 ? text : Replace(text, findings.Replaced, new());
    }

    /// <summary>Replaces what is found in a text and tells what it was.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The redacted text and the matches.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public RedactionResult Inspect(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var findings = Examine(text);
        return findings.Replaced.Count == 0 ? new(text, []) : new(Replace(text, findings.Replaced, new()), Bare(findings.Replaced));
    }

    /// <summary>Finds what would be redacted, and changes nothing.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The matches, ordered by start and free of overlaps; empty if there are none.</returns>
    public IReadOnlyList<TextHit> Find(ReadOnlySpan<char> text) => Bare(Examine(text).Replaced);

    /// <summary>Opens the redaction of one stream of text.</summary>
    /// <returns>A new state, to be used for one stream and one kind of content, by one thread at a time.</returns>
    public StreamRedactor OpenStream() => new(this);

    /// <summary>Finds what begins at an index or behind it; what stands before is context.</summary>
    internal TextFindings Examine(ReadOnlySpan<char> text, int from = 0)
    {
        var collector = new TextHitCollector(MinScore);
        Scan(text, from, ref collector);
        if (collector.Hits is not { } hits)
            return TextFindings.None;
        var stopping = TakeStops(hits);
        HitMerger.Merge(hits);
        return new(hits, stopping);
    }

    internal string Replace(ReadOnlySpan<char> text, IReadOnlyList<TextHit> hits, PlaceholderMap placeholders)
    {
        var output = new StringBuilder(text.Length);
        var position = 0;
        for (var i = 0; i < hits.Count; i++)
        {
            var hit = hits[i];
            output.Append(text[position..hit.Start]);
            Write(output, hit, text.Slice(hit.Start, hit.Length), placeholders);
            position = hit.End;
        }

        return output.Append(text[position..]).ToString();
    }

    /// <summary>Writes what stands in the place of a match.</summary>
    internal void Write(StringBuilder output, in TextHit hit, ReadOnlySpan<char> value, PlaceholderMap placeholders) =>
        ((hit.Owner == Nobody ? _nobodysStyle : _rules[hit.Owner].Style) ?? RedactionStyle.Label).Append(output, hit, value, MaxHoldback, placeholders);

    internal bool Stops(in TextHit hit) => _hasStops && hit.Owner != Nobody && _rules[hit.Owner].Stops;

    internal bool ReadsRaw(in TextHit hit) => _readsRaw && hit.Owner != Nobody && _rules[hit.Owner].ReadsRaw;

    /// <summary>Collects what begins at an index or behind it, by every detector, in offsets of the text.</summary>
    private void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        if (VisibleText.Of(text) is not { } visible)
        {
            ScanVisible(text, from, ref hits);
        }
        else
        {
            var before = hits.Count;
            ScanVisible(visible.Text, visible.IndexOf(from), ref hits);
            for (var i = before; i < hits.Count; i++)
                hits.Hits![i] = visible.InOriginal(hits.Hits[i]);
        }

        if (_readsRaw)
            ScanRaw(text, from, ref hits);
    }

    private void ScanVisible(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        for (var i = 0; i < _rules.Length; i++)
        {
            hits.Owner = i;
            if (!_rules[i].ReadsRaw)
                _rules[i].Detector.Scan(text, from, ref hits);
        }
    }

    private void ScanRaw(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        hits.Yields = true;
        for (var i = 0; i < _rules.Length; i++)
        {
            hits.Owner = i;
            if (_rules[i].ReadsRaw)
                _rules[i].Detector.Scan(text, from, ref hits);
        }

        hits.Yields = false;
    }

    private List<TextHit> TakeStops(List<TextHit> hits)
    {
        if (!_hasStops)
            return [];
        var stops = hits.FindAll(hit => Stops(hit));
        if (stops.Count > 0)
            hits.RemoveAll(hit => Stops(hit));
        stops.Sort(HitMerger.ByPlace);
        return stops;
    }

    private static TextHit[] Bare(IReadOnlyList<TextHit> hits) => hits.Count == 0 ? [] : [.. hits.Select(hit => hit.Bare())];

    private static TextRule[] RulesOf(IEnumerable<ISpanDetector> detectors, TextRedactorOptions options)
    {
        ArgumentNullException.ThrowIfNull(detectors);
        ArgumentNullException.ThrowIfNull(options.Style);
        var list = detectors.ToList();
        foreach (var detector in list)
            ArgumentNullException.ThrowIfNull(detector, nameof(detectors));
        return [.. list.Select(detector => new TextRule(detector, options.Style))];
    }
}
