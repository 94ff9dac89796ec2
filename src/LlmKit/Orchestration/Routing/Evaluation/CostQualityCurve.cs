namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>What quality a policy reaches at each share of requests that it sends to the strong model.</summary>
/// <remarks>
/// The measures are those of RouteLLM (Ong et al., arXiv 2406.18665): the performance gap recovered, PGR = (quality − weak) / (strong − weak); its
/// mean over all shares, APGR, 0.5 for a random choice; the call-performance threshold, CPT, the least share at which so much of the gap is
/// recovered. Requests of one score are taken together, as if in random order. A curve without the baselines beside it is no evidence: see
/// <see cref="CurveBaselines"/>. Immutable and thread-safe.
/// </remarks>
public sealed class CostQualityCurve
{
    private readonly ScoredOutcome[] _outcomes;
    private readonly double _weak;
    private readonly double _strong;

    private CostQualityCurve(ScoredOutcome[] outcomes)
    {
        _outcomes = outcomes;
        _weak = outcomes.Average(outcome => outcome.Weak);
        _strong = outcomes.Average(outcome => outcome.Strong);
        Points = PointsOf(outcomes);
        Apgr = Mean(outcomes, counts: null);
    }

    /// <summary>Gets the points, from no request to all of them; between two, the curve is straight.</summary>
    public IReadOnlyList<CurvePoint> Points { get; }

    /// <summary>Gets how many requests it rests on.</summary>
    public int Count => _outcomes.Length;

    /// <summary>Gets the mean gap recovered; <see langword="null"/> where both models are equally good, so that there is no gap.</summary>
    public double? Apgr { get; }

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
    public double? Pgr(double share)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var next = 1;
        while (next < Points.Count - 1 && Points[next].StrongShare < share)
            next++;
        var (before, after) = (Points[next - 1], Points[next]);
        var part = (share - before.StrongShare) / (after.StrongShare - before.StrongShare);
        return Recovered(before.Quality + (part * (after.Quality - before.Quality)));
    }

    /// <summary>Gives the least share of the strong model at which so much of the gap is recovered.</summary>
    /// <param name="part">Such as 0.8; above 0, at most 1.</param>
    /// <returns>The share; <see langword="null"/> where there is no gap, or that part of it is never reached.</returns>
    public double? Cpt(double part)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, 1);
        for (var i = 1; i < Points.Count; i++)
        {
            if (Recovered(Points[i].Quality) is not { } reached || reached < part)
                continue;
            var before = Recovered(Points[i - 1].Quality)!.Value;
            return Points[i - 1].StrongShare + ((part - before) / (reached - before) * (Points[i].StrongShare - Points[i - 1].StrongShare));
        }

        return null;
    }

    /// <summary>Gives the mean gap recovered with the range that it is likely in, by the percentile bootstrap over requests (Efron, 1979).</summary>
    /// <param name="confidence">Above 0, below 1.</param>
    /// <param name="resamples">How many samples are drawn; 1 or more.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <returns>The interval; <see langword="null"/> where there is no gap.</returns>
    public Interval? ApgrInterval(double confidence = 0.95, int resamples = 400, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(confidence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (Apgr is not { } value)
            return null;
        var (chance, counts, drawn) = (new Random(seed), new int[Count], new List<double>(resamples));
        for (var sample = 0; sample < resamples; sample++)
        {
            Array.Clear(counts);
            for (var i = 0; i < counts.Length; i++)
                counts[chance.Next(counts.Length)]++;
            if (Mean(_outcomes, counts) is { } mean)
                drawn.Add(mean);
        }

        drawn.Sort();
        var outside = (1 - confidence) / 2;
        return drawn.Count == 0 ? new(value, value, value) : new(value, At(outside), At(1 - outside));

        double At(double quantile) => drawn[Math.Clamp((int)(quantile * drawn.Count), 0, drawn.Count - 1)];
    }

    private double? Recovered(double quality) => _strong == _weak ? null : (quality - _weak) / (_strong - _weak);

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

    /// <summary>The area under the recovered gap, by trapezoids from score to score; each request as often as it was drawn.</summary>
    private static double? Mean(ScoredOutcome[] sorted, int[]? counts)
    {
        var (area, gained, taken) = (0.0, 0.0, 0);
        for (var i = 0; i < sorted.Length;)
        {
            var (end, gain, count) = (i, 0.0, 0);
            for (; end < sorted.Length && sorted[end].Score == sorted[i].Score; end++)
            {
                var times = counts?[end] ?? 1;
                count += times;
                gain += times * (sorted[end].Strong - sorted[end].Weak);
            }

            area += count * (gained + (gain / 2));
            gained += gain;
            taken += count;
            i = end;
        }

        return gained == 0 ? null : area / taken / gained;
    }
}
