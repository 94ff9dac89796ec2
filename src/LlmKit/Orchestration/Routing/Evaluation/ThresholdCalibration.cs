using LlmKit.Internal.Statistics;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>The threshold that keeps a promise, as far as the requests it was chosen on can tell.</summary>
/// <remarks>
/// The figure seen at a threshold is missed next time about as often as not, for the threshold was chosen because it looked good. So a one-sided
/// bound must keep the promise, at this threshold and at every safer one. Calibrate on requests that the policy was not fitted on.
/// <para>The bound is the mean less so many standard errors, over the requests and one more that goes as badly as can be, for what was not seen may
/// still come (the correction of conformal risk control; Angelopoulos, Bates, Fisch, Lei and Schuster, ICLR 2024). So requests that all go well prove
/// a floor of 0.95 from some 55 on and not from 3. How much a request can cost nobody knows: there it is the dearest one seen.</para>
/// </remarks>
public sealed record ThresholdCalibration
{
    private ThresholdCalibration()
    {
    }

    /// <summary>Gets whether a threshold keeps the promise. If not, this is the one that comes nearest.</summary>
    public required bool IsFeasible { get; init; }

    /// <summary>Gets the threshold, what was seen at it, and what it costs.</summary>
    public required CurvePoint Point { get; init; }

    /// <summary>Gets the bound at the threshold: the quality less the floor, or the ceiling less the cost; 0 or more keeps the promise.</summary>
    public required double Slack { get; init; }

    /// <summary>Gets the one-sided confidence of the bound.</summary>
    public required double Confidence { get; init; }

    /// <summary>Gets how many requests it was chosen on.</summary>
    public required int Count { get; init; }

    /// <summary>Finds the cheapest threshold that keeps a part of the strong model's quality.</summary>
    /// <param name="outcomes">Requests that both models answered, not those that the policy was fitted on.</param>
    /// <param name="part">The part of the strong model's mean score, above 0 and at most 1.</param>
    /// <param name="confidence">How sure it must be, above 0.5 and below 1.</param>
    /// <returns>The threshold, or the nearest one.</returns>
    /// <exception cref="ArgumentException">There is no outcome.</exception>
    public static ThresholdCalibration ForQualityFloor(IEnumerable<ScoredOutcome> outcomes, double part = 0.95, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, 1);
        return Find(outcomes, confidence, isQuality: true, (outcome, isStrong) => (isStrong ? outcome.Strong : outcome.Weak) - (part * outcome.Strong), _ => (-part, 0));
    }

    /// <summary>Finds the cheapest threshold that keeps a mean score.</summary>
    /// <param name="outcomes">Requests that both models answered, not those that the policy was fitted on.</param>
    /// <param name="least">The mean score, from 0 to 1.</param>
    /// <param name="confidence">How sure it must be, above 0.5 and below 1.</param>
    /// <returns>The threshold, or the nearest one: not even the strong model may reach so much.</returns>
    /// <exception cref="ArgumentException">There is no outcome.</exception>
    public static ThresholdCalibration ForLeastQuality(IEnumerable<ScoredOutcome> outcomes, double least, double confidence = 0.95) =>
        Find(outcomes, confidence, isQuality: true, (outcome, isStrong) => (isStrong ? outcome.Strong : outcome.Weak) - least, _ => (-least, -least));

    /// <summary>Finds the threshold of the best quality within a mean cost.</summary>
    /// <param name="outcomes">Requests with their costs, not those that the policy was fitted on.</param>
    /// <param name="ceiling">The most that a request may cost in the mean, in the unit of the outcomes.</param>
    /// <param name="confidence">How sure it must be, above 0.5 and below 1.</param>
    /// <returns>The threshold, or the nearest one.</returns>
    /// <exception cref="ArgumentException">There is no outcome.</exception>
    public static ThresholdCalibration ForCostCeiling(IEnumerable<ScoredOutcome> outcomes, double ceiling, double confidence = 0.95) =>
        Find(outcomes, confidence, isQuality: false, (outcome, isStrong) => ceiling - (isStrong ? outcome.StrongCost : outcome.WeakCost), sorted =>
        {
            var weak = sorted.Max(outcome => outcome.WeakCost);
            return (ceiling - Math.Max(weak, sorted.Max(outcome => outcome.StrongCost)), ceiling - weak);
        });

    /// <summary>Finds the threshold by the slack of a request, and the least slack that a request can have: at thresholds that ask both models, and at the safe end.</summary>
    private static ThresholdCalibration Find(
        IEnumerable<ScoredOutcome> outcomes, double confidence, bool isQuality, Func<ScoredOutcome, bool, double> slackOf, Func<ScoredOutcome[], (double Mixed, double Safe)> worstOf)
    {
        if (!(confidence is > 0.5 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), $"The confidence '{confidence}' is not between 0.5 and 1. Give one such as 0.95.");
        ArgumentNullException.ThrowIfNull(outcomes);
        ScoredOutcome[] sorted = [.. outcomes.OrderByDescending(outcome => outcome.Score)];
        var points = CostQualityCurve.Of(sorted).Points;
        // The safe end of the curve is the strong model for quality, and the weak one for cost.
        var (safe, step) = isQuality ? (points.Count - 1, -1) : (0, 1);
        var worst = worstOf(sorted);
        var bounds = Bounds(sorted, points, NormalQuantile.Of(confidence), slackOf, point => point == safe ? worst.Safe : worst.Mixed);
        // No quality is below the worst; a cost may be above the dearest one seen.
        if (isQuality)
            bounds[safe] = Math.Max(bounds[safe], worst.Safe);
        var chosen = safe;
        while (bounds[chosen] >= 0 && chosen + step >= 0 && chosen + step < points.Count && bounds[chosen + step] >= 0)
            chosen += step;
        var isFeasible = bounds[chosen] >= 0;
        if (!isFeasible)
            chosen = Array.IndexOf(bounds, bounds.Max());
        return new() { IsFeasible = isFeasible, Point = points[chosen], Slack = bounds[chosen], Confidence = confidence, Count = sorted.Length };
    }

    /// <summary>The one-sided bound of the mean slack at each point: the mean less so many standard errors, with one request more that has the worst slack.</summary>
    private static double[] Bounds(ScoredOutcome[] sorted, IReadOnlyList<CurvePoint> points, double errors, Func<ScoredOutcome, bool, double> slackOf, Func<int, double> worstAt)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var outcome in sorted)
            Add(slackOf(outcome, false), 1);
        var bounds = new double[points.Count];
        bounds[0] = Bound(worstAt(0));
        for (var (point, next) = (1, 0); point < points.Count; point++)
        {
            for (; next < sorted.Length && sorted[next].Score >= points[point].Threshold; next++)
            {
                Add(slackOf(sorted[next], false), -1);
                Add(slackOf(sorted[next], true), 1);
            }

            bounds[point] = Bound(worstAt(point));
        }

        return bounds;

        void Add(double slack, int times)
        {
            sum += times * slack;
            squares += times * slack * slack;
        }

        double Bound(double worst)
        {
            var n = sorted.Length + 1;
            var mean = (sum + worst) / n;
            var variance = Math.Max(0, ((squares + (worst * worst)) / n) - (mean * mean));
            return mean - (errors * Math.Sqrt(variance / (n - 1)));
        }
    }
}
