using LlmKit.Calls;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>What quality a policy reaches at each share of requests that it sends to the strong model.</summary>
/// <remarks>
/// The measures are those of RouteLLM (Ong et al., arXiv 2406.18665): the performance gap recovered, PGR = (quality − weak) / (strong − weak); its
/// mean over all shares, APGR, 0.5 for a random choice; the call-performance threshold, CPT, the least share at which so much of the gap is
/// recovered. Requests of one score are taken together, as if in random order. A curve without the baselines beside it is no evidence:
/// <see cref="RoutingReport"/> has them. Immutable and thread-safe.
/// </remarks>
public sealed class CostQualityCurve
{
    private static readonly double[] s_usualShares = [0.25, 0.5, 0.75];
    private static readonly double[] s_usualParts = [0.5, 0.8];

    private readonly ScoredOutcome[] _outcomes;
    private readonly RecoveredGap _gap;

    private CostQualityCurve(ScoredOutcome[] outcomes)
    {
        _outcomes = outcomes;
        _gap = new(outcomes);
        Points = PointsOf(outcomes);
    }

    /// <summary>Gets the points, from no request to all of them; between two, the curve is straight.</summary>
    public IReadOnlyList<CurvePoint> Points { get; }

    /// <summary>Gets how many requests it rests on.</summary>
    public int Count => _outcomes.Length;

    /// <summary>Gets the mean gap recovered; <see langword="null"/> where both models are equally good, so that there is no gap.</summary>
    public double? Apgr => _gap.Apgr;

    /// <summary>Draws a curve.</summary>
    /// <param name="outcomes">Requests that both models answered; at least one.</param>
    /// <returns>The curve.</returns>
    /// <exception cref="ArgumentException">There is none, or a number is not finite.</exception>
    public static CostQualityCurve Of(IEnumerable<ScoredOutcome> outcomes)
    {
        ArgumentNullException.ThrowIfNull(outcomes);
        ScoredOutcome[] sorted = [.. outcomes.OrderByDescending(outcome => outcome.Score)];
        if (sorted.Length == 0)
            throw new ArgumentException("There is no outcome. Give requests that both models answered.", nameof(outcomes));
        if (!Array.TrueForAll(sorted, outcome => double.IsFinite(outcome.Score + outcome.Weak + outcome.Strong + outcome.WeakCost + outcome.StrongCost)))
            throw new ArgumentException("An outcome has a number that is not finite. Leave requests out that nobody scored.", nameof(outcomes));
        return new(sorted);
    }

    /// <summary>Gives the gap recovered at a share of the strong model.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>0 for the weak model's quality, 1 for the strong one's; <see langword="null"/> where there is no gap.</returns>
    public double? Pgr(double share) => _gap.Pgr(CheckedShare(share));

    /// <summary>Gives the least share of the strong model at which so much of the gap is recovered.</summary>
    /// <param name="part">Such as 0.8; above 0, at most 1.</param>
    /// <returns>The share; <see langword="null"/> where there is no gap.</returns>
    public double? Cpt(double part) => _gap.Cpt(CheckedPart(part));

    /// <summary>Gives the measures with the ranges that they are likely in, all from the same samples.</summary>
    /// <param name="shares">The shares of which the gap recovered is given, each from 0 to 1; a quarter, half and three quarters by default.</param>
    /// <param name="parts">The parts of the gap of which the least share is given, each above 0 and at most 1; 0.5 and 0.8 by default.</param>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="resamples">How many samples are drawn; 1 or more.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <returns>The intervals; <see langword="null"/> where there is no gap, and below <see cref="CurveIntervals.LeastCount"/> requests.</returns>
    public CurveIntervals? Intervals(IReadOnlyList<double>? shares = null, IReadOnlyList<double>? parts = null, double confidence = 0.95, int resamples = 400, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(confidence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        double[] of = [.. (shares ?? s_usualShares).Select(CheckedShare).Distinct()];
        double[] reaching = [.. (parts ?? s_usualParts).Select(CheckedPart).Distinct()];
        if (Apgr is not { } apgr || Count < CurveIntervals.LeastCount)
            return null;
        var (means, recovered, least) = (new List<double>(resamples), Array.ConvertAll(of, _ => new List<double>(resamples)), Array.ConvertAll(reaching, _ => new List<double>(resamples)));
        foreach (var sample in Samples(resamples, seed))
        {
            if (sample.Apgr is { } mean)
                means.Add(mean);
            for (var i = 0; i < of.Length && sample.Gap != 0; i++)
                recovered[i].Add(sample.Pgr(of[i])!.Value);
            for (var i = 0; i < reaching.Length; i++)
                least[i].Add(Math.Sign(sample.Gap) == Math.Sign(_gap.Gap) ? sample.Cpt(reaching[i])!.Value : 1);
        }

        return new(
            Within(apgr, means, confidence),
            of.Zip(recovered).ToDictionary(pair => pair.First, pair => Within(Pgr(pair.First)!.Value, pair.Second, confidence)),
            reaching.Zip(least).ToDictionary(pair => pair.First, pair => Within(Cpt(pair.First)!.Value, pair.Second, confidence)));
    }

    /// <summary>
    /// Gives, at some shares of the strong model, by how much the quality leads that of a random choice, with the range of 95 %. The lead and not the
    /// quality, for how hard the requests happen to be is no merit of a policy.
    /// </summary>
    internal Interval[] LeadsAt(double[] shares, int resamples, int seed)
    {
        var leads = Array.ConvertAll(shares, _ => new List<double>(resamples));
        foreach (var sample in Samples(resamples, seed))
        {
            for (var i = 0; i < shares.Length; i++)
                leads[i].Add(LeadOf(sample, shares[i]));
        }

        return [.. shares.Select((share, index) => Within(LeadOf(_gap, share), leads[index], confidence: 0.95))];

        double LeadOf(RecoveredGap gap, double share) => (gap.GainedAt(share) - (share * gap.Gap)) / Count;
    }

    /// <summary>Draws as many requests as there are, each as often as chance has it, again and again: one object, which holds the sample at hand.</summary>
    private IEnumerable<RecoveredGap> Samples(int resamples, int seed)
    {
        var (chance, counts, sample) = (new Random(seed), new int[Count], new RecoveredGap(_outcomes));
        for (var drawn = 0; drawn < resamples; drawn++)
        {
            Array.Clear(counts);
            for (var i = 0; i < counts.Length; i++)
                counts[chance.Next(counts.Length)]++;
            sample.Sum(counts);
            yield return sample;
        }
    }

    private static Interval Within(double value, List<double> drawn, double confidence)
    {
        drawn.Sort();
        var outside = (1 - confidence) / 2;
        return drawn.Count == 0 ? new(value, value, value) : new(value, At(outside), At(1 - outside));

        double At(double quantile) => drawn[Math.Clamp((int)(quantile * drawn.Count), 0, drawn.Count - 1)];
    }

    private static List<CurvePoint> PointsOf(ScoredOutcome[] sorted)
    {
        var (quality, cost) = (sorted.Sum(outcome => outcome.Weak), sorted.Sum(outcome => outcome.WeakCost));
        var points = new List<CurvePoint> { new(double.PositiveInfinity, 0, quality / sorted.Length, cost / sorted.Length) };
        for (var i = 0; i < sorted.Length; i++)
        {
            quality += sorted[i].Strong - sorted[i].Weak;
            cost += sorted[i].StrongCost - sorted[i].WeakCost;
            if (i == sorted.Length - 1 || sorted[i + 1].Score != sorted[i].Score)
                points.Add(new(sorted[i].Score, (i + 1.0) / sorted.Length, quality / sorted.Length, cost / sorted.Length));
        }

        return points;
    }

    private static double CheckedShare(double share)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        return share;
    }

    private static double CheckedPart(double part)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, 1);
        return part;
    }
}
