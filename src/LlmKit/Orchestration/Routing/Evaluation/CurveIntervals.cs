using LlmKit.Calls;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>The measures of a curve with the ranges that they are likely in: the percentile bootstrap over requests (Efron, 1979), each drawn with both its outcomes.</summary>
/// <remarks>
/// A sample in which both models are equally good has no APGR and no PGR, and is left out of theirs. To CPT it counts as 1, and so does one in which the
/// better model is the worse one: an upper end of 1 says that it may take all requests, or that so much may never be recovered. Immutable and thread-safe.
/// </remarks>
public sealed class CurveIntervals
{
    /// <summary>How many requests it takes: samples of fewer are too much alike to show how far a measure may be off, and one request has no range at all.</summary>
    public const int LeastCount = 30;

    private readonly IReadOnlyDictionary<double, Interval> _pgr;
    private readonly IReadOnlyDictionary<double, Interval> _cpt;

    internal CurveIntervals(Interval apgr, IReadOnlyDictionary<double, Interval> pgr, IReadOnlyDictionary<double, Interval> cpt) =>
        (Apgr, _pgr, _cpt) = (apgr, pgr, cpt);

    /// <summary>Gets the mean gap recovered.</summary>
    public Interval Apgr { get; }

    /// <summary>Gives the gap recovered at a share of the strong model.</summary>
    /// <param name="share">One of those that were asked for.</param>
    /// <returns>0 for the weak model's quality, 1 for the strong one's.</returns>
    /// <exception cref="KeyNotFoundException">It was not asked for.</exception>
    public Interval Pgr(double share) => Of(_pgr, share, nameof(share));

    /// <summary>Gives the least share of the strong model at which so much of the gap is recovered.</summary>
    /// <param name="part">One of those that were asked for.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="KeyNotFoundException">It was not asked for.</exception>
    public Interval Cpt(double part) => Of(_cpt, part, nameof(part));

    private static Interval Of(IReadOnlyDictionary<double, Interval> intervals, double key, string name) => intervals.TryGetValue(key, out var interval)
        ? interval
        : throw new KeyNotFoundException($"The {name} '{key}' was not asked for. Name it when you call CostQualityCurve.Intervals.");
}
