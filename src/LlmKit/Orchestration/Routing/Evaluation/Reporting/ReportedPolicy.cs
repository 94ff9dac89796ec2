namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>A policy or a baseline in a report: its scores of all requests and the threshold that keeps the floor.</summary>
internal sealed class ReportedPolicy
{
    private readonly ReportedRequest[] _requests;
    private readonly double[] _scores;

    public ReportedPolicy(string name, ReportedRequest[] requests, double[] scores, double floor)
    {
        (Name, _requests, _scores) = (name, requests, scores);
        Curve = CostQualityCurve.Of(requests.Zip(scores, (request, score) => request.Scored(score)));
        Calibration = ThresholdCalibration.ForQualityFloor(requests.Zip(scores, (request, score) => request.Scored(score)), floor);
    }

    public string Name { get; }

    public CostQualityCurve Curve { get; }

    public ThresholdCalibration Calibration { get; }

    /// <summary>Gives what the policy does with some of the requests.</summary>
    public ReportLine LineOf(int[] indexes, int seed)
    {
        var outcomes = Array.ConvertAll(indexes, index => _requests[index].Scored(_scores[index]));
        var threshold = Calibration.Point.Threshold;
        return new(
            Name,
            outcomes.Average(outcome => outcome.Score >= threshold ? outcome.Strong : outcome.Weak),
            outcomes.Average(outcome => outcome.Score >= threshold ? outcome.StrongCost : outcome.WeakCost),
            outcomes.Average(outcome => outcome.Score >= threshold ? 1.0 : 0),
            CostQualityCurve.Of(outcomes).ApgrInterval(seed: seed));
    }

    /// <summary>
    /// Gives, at some shares of the strong model, how far the lead over chance may be from what is seen: the percentile bootstrap over requests.
    /// The lead and not the quality, for how hard the requests happen to be is no merit of a policy.
    /// </summary>
    public (double Low, double High)[] LeadAt(double[] shares, int seed)
    {
        const int resamples = 200;
        const double outside = 0.025;
        var order = Enumerable.Range(0, _requests.Length).OrderByDescending(index => _scores[index]).ToArray();
        var gains = Array.ConvertAll(order, index => _requests[index].Strong - _requests[index].Weak);
        var (chance, counts, leads) = (new Random(seed), new int[gains.Length], Array.ConvertAll(shares, _ => new double[resamples]));
        for (var sample = 0; sample < resamples; sample++)
        {
            Array.Clear(counts);
            foreach (var _ in counts)
                counts[chance.Next(counts.Length)]++;
            var total = gains.Zip(counts, (gain, count) => gain * count).Sum();
            var (taken, gained, at) = (0, 0.0, 0);
            for (var point = 0; point < shares.Length; point++)
            {
                while (at < gains.Length && taken + counts[at] <= shares[point] * gains.Length)
                {
                    taken += counts[at];
                    gained += gains[at] * counts[at++];
                }

                leads[point][sample] = (gained - (total * taken / gains.Length)) / gains.Length;
            }
        }

        return Array.ConvertAll(leads, drawn =>
        {
            Array.Sort(drawn);
            return (drawn[(int)(outside * resamples)], drawn[(int)((1 - outside) * resamples)]);
        });
    }
}
