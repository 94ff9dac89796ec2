namespace LlmKit;

/// <summary>The threshold that labelled pairs allow, and the curve it was chosen from.</summary>
/// <remarks>Immutable.</remarks>
public sealed record CalibrationResult
{
    internal CalibrationResult(int pairs, double maxWrongHitRate, CacheGuards guards, IReadOnlyList<CalibrationPoint> curve, CalibrationPoint? chosen, long? needed)
    {
        Pairs = pairs;
        MaxWrongHitRate = maxWrongHitRate;
        Guards = guards;
        Curve = curve;
        Chosen = chosen;
        Needed = needed;
    }

    /// <summary>Gets the number of pairs.</summary>
    public int Pairs { get; }

    /// <summary>Gets the share of wrong hits that was allowed, above 0 and below 1.</summary>
    public double MaxWrongHitRate { get; }

    /// <summary>Gets the guards that the pairs had to pass as well.</summary>
    public CacheGuards Guards { get; }

    /// <summary>Gets what each threshold of the grid does, from 0.50 to 1.00 in steps of 0.01.</summary>
    public IReadOnlyList<CalibrationPoint> Curve { get; }

    /// <summary>Gets the chosen point; <see langword="null"/> when no threshold is proved.</summary>
    public CalibrationPoint? Chosen { get; }

    /// <summary>Gets the threshold for <see cref="SemanticCacheOptions.MinSimilarity"/>, a cosine; <see langword="null"/> when none is proved.</summary>
    public double? Threshold => Chosen?.Threshold;

    /// <summary>Gets the share of all pairs that hit at the threshold, 0 to 1; of what share of your traffic they are, only your traffic knows.</summary>
    public double? HitRate => Chosen is { } point ? (double)point.Hits / Pairs : null;

    /// <summary>Gets the share of the hits at the threshold that are wrong, 0 to 1.</summary>
    public double? WrongHitRate => Chosen?.WrongHitRate;

    /// <summary>Gets what the share of wrong hits at the threshold stays below with a confidence of 95 %, one-sided, 0 to 1.</summary>
    public double? WrongHitBound => Chosen?.WrongHitBound;

    /// <summary>Gets how many labelled pairs must hit at some threshold to prove one, when none is proved.</summary>
    /// <value>
    /// The hits needed if no more of them are wrong than at the most promising threshold; <see langword="null"/> when one is proved, and when more
    /// labels of this kind would not help, because more of the hits are wrong at every threshold than the target allows.
    /// </value>
    public long? Needed { get; }
}
