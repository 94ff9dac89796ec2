using LlmKit.Calls;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>A policy or a baseline in a report: its scores of all requests and the threshold that keeps the floor.</summary>
internal sealed class ReportedPolicy
{
    private const int Resamples = 200;

    private readonly ScoredOutcome[] _outcomes;

    public ReportedPolicy(string name, ReportedRequest[] requests, double[] scores, double floor)
    {
        (Name, _outcomes) = (name, [.. requests.Zip(scores, (request, score) => request.Scored(score))]);
        Curve = CostQualityCurve.Of(_outcomes);
        Calibration = ThresholdCalibration.ForQualityFloor(_outcomes, floor);
    }

    public string Name { get; }

    public CostQualityCurve Curve { get; }

    public ThresholdCalibration Calibration { get; }

    /// <summary>Gives what the policy does with some of the requests.</summary>
    public ReportLine LineOf(int[] indexes, int seed)
    {
        const double half = 0.5;
        const double most = 0.8;
        var outcomes = Array.ConvertAll(indexes, index => _outcomes[index]);
        var strong = Array.ConvertAll(outcomes, outcome => outcome.Score >= Calibration.Point.Threshold);
        var share = (double)strong.Count(isStrong => isStrong) / strong.Length;
        var intervals = CostQualityCurve.Of(outcomes).Intervals([share], [half, most], seed: seed);
        return new(
            Name,
            outcomes.Zip(strong, (outcome, isStrong) => isStrong ? outcome.Strong : outcome.Weak).Average(),
            outcomes.Zip(strong, (outcome, isStrong) => isStrong ? outcome.StrongCost : outcome.WeakCost).Average(),
            share,
            intervals?.Apgr,
            intervals?.Pgr(share),
            intervals?.Cpt(half),
            intervals?.Cpt(most));
    }

    /// <summary>Gives, at some shares of the strong model, how far the lead over chance may be from what is seen.</summary>
    public Interval[] LeadsAt(double[] shares, int seed) => Curve.LeadsAt(shares, Resamples, seed);
}
