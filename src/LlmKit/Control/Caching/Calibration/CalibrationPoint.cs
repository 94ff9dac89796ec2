namespace LlmKit;

/// <summary>What a threshold would have done on the labelled pairs.</summary>
/// <remarks>Immutable. Intervals are those of Clopper and Pearson (Biometrika 26, 1934).</remarks>
public sealed record CalibrationPoint
{
    internal CalibrationPoint(double threshold, int trueHits, int wrongHits, int same)
    {
        Threshold = threshold;
        TrueHits = trueHits;
        WrongHits = wrongHits;
        Recall = same == 0 ? 0 : (double)trueHits / same;
    }

    /// <summary>Gets the least cosine at which a pair hits.</summary>
    public double Threshold { get; }

    /// <summary>Gets the pairs that hit and are the same.</summary>
    public int TrueHits { get; }

    /// <summary>Gets the pairs that hit and are not the same.</summary>
    public int WrongHits { get; }

    /// <summary>Gets the pairs that hit.</summary>
    public int Hits => TrueHits + WrongHits;

    /// <summary>Gets the share of the hits that are right, 0 to 1.</summary>
    /// <value><see langword="null"/> without hits.</value>
    public double? Precision => Hits == 0 ? null : (double)TrueHits / Hits;

    /// <summary>Gets where the precision lies with a confidence of 95 %, 0 to 1; everywhere without hits.</summary>
    public (double Lower, double Upper) PrecisionInterval => Internal.Statistics.BinomialInterval.TwoSided(TrueHits, Hits);

    /// <summary>Gets the share of the pairs that are the same and hit, 0 to 1; 0 when no pair is the same.</summary>
    public double Recall { get; }

    /// <summary>Gets the share of the hits that are wrong, 0 to 1.</summary>
    /// <value><see langword="null"/> without hits.</value>
    public double? WrongHitRate => Hits == 0 ? null : (double)WrongHits / Hits;

    /// <summary>Gets what the share of wrong hits stays below with a confidence of 95 %, one-sided, 0 to 1; 1 without hits.</summary>
    public double WrongHitBound => Internal.Statistics.BinomialInterval.Upper(WrongHits, Hits);
}
