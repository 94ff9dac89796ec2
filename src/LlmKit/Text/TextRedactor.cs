using System.Text;
using LlmKit.Text.Streaming;

namespace LlmKit.Text;

/// <summary>Replaces what its detectors find in a text, in one pass over the original.</summary>
/// <remarks>
/// Immutable and thread-safe: one redactor may serve every call and every sink. A text in which nothing is found comes back as the
/// same reference and costs no allocation.
/// </remarks>
public sealed class TextRedactor
{
    private readonly ISpanDetector[] _detectors;

    /// <summary>Creates a redactor.</summary>
    /// <param name="detectors">The detectors; see <see cref="TextDetectors"/>. Their order does not matter.</param>
    /// <param name="options">The settings, read now; null takes the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="detectors"/> or one of them is null, or the style is.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range.</exception>
    public TextRedactor(IEnumerable<ISpanDetector> detectors, TextRedactorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(detectors);
        options ??= new TextRedactorOptions();
        ArgumentNullException.ThrowIfNull(options.Style);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxHoldback, TextRedactorOptions.LeastMaxHoldback);

        _detectors = [.. detectors];
        foreach (var detector in _detectors)
            ArgumentNullException.ThrowIfNull(detector, nameof(detectors));
        MinScore = options.MinScore;
        Style = options.Style;
        MaxHoldback = options.MaxHoldback;
        OnOverflow = options.OnOverflow;
    }

    internal ReadOnlySpan<ISpanDetector> Detectors => _detectors;

    internal DetectionScore MinScore { get; }

    internal RedactionStyle Style { get; }

    internal int MaxHoldback { get; }

    internal HoldbackOverflow OnOverflow { get; }

    /// <summary>Replaces what is found in a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The redacted text; the same reference if nothing was found.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Merge(text) is { } hits ? Replace(text, hits) : text;
    }

    /// <summary>Replaces what is found in a text and tells what it was.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The redacted text and the matches.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public RedactionResult Inspect(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Merge(text) is { } hits ? new RedactionResult(Replace(text, hits), hits.AsReadOnly()) : new RedactionResult(text, []);
    }

    /// <summary>Finds what would be redacted, and changes nothing.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The matches, ordered by start and free of overlaps; empty if there are none.</returns>
    public IReadOnlyList<TextHit> Find(ReadOnlySpan<char> text) => Merge(text) is { } hits ? hits.AsReadOnly() : [];

    /// <summary>Opens the redaction of one stream of text.</summary>
    /// <returns>A new state, to be used for one stream and one kind of content, by one thread at a time.</returns>
    public StreamRedactor OpenStream() => new(this);

    internal void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        foreach (var detector in _detectors)
            detector.Scan(text, from, ref hits);
    }

    private List<TextHit>? Merge(ReadOnlySpan<char> text)
    {
        var collector = new TextHitCollector(MinScore);
        Scan(text, 0, ref collector);
        if (collector.Hits is not { } hits)
            return null;
        HitMerger.Merge(hits);
        for (var i = 0; i < hits.Count; i++)
            hits[i] = hits[i].Bare();
        return hits;
    }

    private string Replace(ReadOnlySpan<char> text, List<TextHit> hits)
    {
        var output = new StringBuilder(text.Length);
        var position = 0;
        foreach (var hit in hits)
        {
            output.Append(text[position..hit.Start]);
            Style.Append(output, hit, text.Slice(hit.Start, Math.Min(hit.Length, MaxHoldback)));
            position = hit.End;
        }

        return output.Append(text[position..]).ToString();
    }
}
