namespace LlmKit.Text.Injection;

/// <summary>Suspects attempts to override instructions, by weighted families of phrases.</summary>
/// <remarks>
/// A first layer, cheap and explainable: it knows the phrases people use and misses what is paraphrased in plain prose; a judge does
/// the rest. It looks at whole texts. A phrase that is quoted in a request to translate, explain or discuss it is discounted. Immutable
/// and thread-safe; linear in the text. A text in which nothing is found costs no allocation.
/// </remarks>
public sealed class InjectionDetector
{
    private const int QuoteDiscount = 2;
    private const int ObfuscationWeight = 1;

    /// <summary>The default threshold: one telling phrase, or two weak ones.</summary>
    public const int DefaultThreshold = 2;

    private readonly int _threshold;

    /// <summary>Creates a detector with the built-in families.</summary>
    /// <param name="threshold">The sum of weights from which a text is suspected, 1 or more; default: 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is below 1.</exception>
    public InjectionDetector(int threshold = DefaultThreshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, 1);
        _threshold = threshold;
    }

    /// <summary>The detector with the default threshold.</summary>
    public static InjectionDetector Default { get; } = new();

    /// <summary>Scores a text.</summary>
    /// <param name="text">The text, as a user, a document or a tool gave it.</param>
    /// <returns>The score and the places; 0 and none for most texts.</returns>
    public InjectionVerdict Evaluate(ReadOnlySpan<char> text)
    {
        var plain = Score(text, map: null);
        if (plain.IsSuspected || !FoldedText.TryFold(text, out var folded))
            return plain;

        var hidden = Score(folded.Text, folded);
        return hidden.Score > plain.Score ? Verdict(hidden.Score + ObfuscationWeight, hidden.Hits) : plain;
    }

    private InjectionVerdict Verdict(int score, IReadOnlyList<TextHit> hits) => new(score, score >= _threshold, hits);

    private InjectionVerdict Score(ReadOnlySpan<char> text, FoldedText? map)
    {
        List<TextHit>? hits = null;
        var score = 0;
        foreach (var family in PhraseFamilies.All)
        {
            // Several patterns may stand for one rule; it counts once.
            if (hits is not null && hits[^1].Rule == family.Rule)
                continue;
            for (var from = 0; family.TryFind(text, from, out var start, out var length); from = start + length)
            {
                var weight = QuotedText.IsDiscussed(text, start, length) ? family.Weight - QuoteDiscount : family.Weight;
                if (weight <= 0)
                    continue;
                score += weight;
                (hits ??= []).Add(Hit(family, start, length, map));
                break;
            }
        }

        hits?.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        return Verdict(score, hits is null ? [] : hits.AsReadOnly());
    }

    private static TextHit Hit(PhraseFamily family, int start, int length, FoldedText? map)
    {
        var first = map is null ? start : map.OriginalIndex(start);
        var last = map is null ? start + length - 1 : map.OriginalIndex(start + length - 1);
        var score = family.Weight switch { >= 3 => DetectionScore.High, 2 => DetectionScore.Medium, _ => DetectionScore.Low };
        return new TextHit(family.Rule, "INJECTION", first, last - first + 1, score);
    }
}
