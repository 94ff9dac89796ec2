namespace Evaluate;

/// <summary>Counts of what was found rightly, found wrongly and missed.</summary>
internal readonly record struct Tally(int TruePositives, int FalsePositives, int FalseNegatives)
{
    private bool IsEmpty => TruePositives + FalsePositives + FalseNegatives == 0;

    /// <summary>The share of right ones among those found; 1 if nothing was to be found and nothing was.</summary>
    public double Precision => Share(TruePositives, TruePositives + FalsePositives);

    /// <summary>The share of those found among those to be found; 1 if there was nothing to be found.</summary>
    public double Recall => TruePositives + FalseNegatives == 0 ? 1 : Share(TruePositives, TruePositives + FalseNegatives);

    /// <summary>The harmonic mean of both.</summary>
    public double F1 => Share(2 * TruePositives, 2 * TruePositives + FalsePositives + FalseNegatives);

    public static Tally operator +(Tally a, Tally b) =>
        new(a.TruePositives + b.TruePositives, a.FalsePositives + b.FalsePositives, a.FalseNegatives + b.FalseNegatives);

    private double Share(int part, int whole) => whole > 0 ? (double)part / whole : IsEmpty ? 1 : 0;
}
