namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>The estimates of one policy over the traces of a log, or over some of them.</summary>
internal sealed class PolicyEstimate
{
    private readonly ReplayedChoices _choices;
    private readonly ReplayRow[] _rows;
    private readonly ReplayEstimator _estimator;
    private readonly int[] _all;
    private readonly Func<int[], ReplayEstimate> _quality;
    private readonly Func<int[], ReplayEstimate>? _cost;

    public PolicyEstimate(ReplayedChoices choices, ReplayRow[] rows, ReplayEstimator estimator)
    {
        (_choices, _rows, _estimator, _all) = (choices, rows, estimator, [.. Enumerable.Range(0, rows.Length)]);
        _quality = Over(static (row, model) => row.ScoreOf(model))!;
        _cost = Over(static (row, model) => row.CostOf(model));
        (Quality, Cost) = (_quality(_all), _cost?.Invoke(_all));
    }

    public ReplayEstimate Quality { get; }

    public ReplayEstimate? Cost { get; }

    public PolicyReplay Summary(double confidence) => Summary(_all, confidence);

    /// <summary>Gives the estimates over some traces; <see langword="null"/> where they are too few, or never tried what the policy chooses.</summary>
    public PolicyReplay? TrySummary(int[] traces, double confidence) =>
        EffectiveOf(traces) >= FeatureReplay.LeastCount && (_estimator == ReplayEstimator.Paired || ReplayOverlap.IsTried(_choices, _rows, traces)) ? Summary(traces, confidence) : null;

    private PolicyReplay Summary(int[] traces, double confidence)
    {
        var effective = EffectiveOf(traces);
        return new(
            _choices.Policy.Name,
            _choices.Policy.Version,
            _quality(traces).ScoreWithin(confidence, effective),
            _cost?.Invoke(traces).Within(confidence),
            _choices.Shares(traces),
            traces.Length,
            traces.Count(trace => _choices.ShareOf(trace, _rows[trace].Model) > 0),
            effective,
            _estimator);
    }

    private double EffectiveOf(int[] traces) => _estimator == ReplayEstimator.Paired
        ? traces.Length
        : Math.Pow(traces.Sum(trace => _choices.Weights[trace]), 2) / traces.Sum(trace => _choices.Weights[trace] * _choices.Weights[trace]);

    /// <summary>Gives what estimates the mean outcome over any of the traces; <see langword="null"/> where not all are known.</summary>
    private Func<int[], ReplayEstimate>? Over(Func<ReplayRow, string, double?> outcome)
    {
        if (_estimator == ReplayEstimator.Paired)
        {
            double[] values = [.. _rows.Select((row, index) => _choices.MeanOf(index, model => outcome(row, model) ?? double.NaN))];
            return Array.Exists(values, double.IsNaN) ? null : traces => ReplayEstimate.Mean(Of(values, traces));
        }

        double[] own = Array.ConvertAll(_rows, row => outcome(row, row.Model) ?? double.NaN);
        if (Array.Exists(own, double.IsNaN))
            return null;
        if (_estimator == ReplayEstimator.SelfNormalized)
            return traces => ReplayEstimate.SelfNormalized(Of(_choices.Weights, traces), Of(own, traces));
        var corrected = DoublyRobust(own);
        return traces => ReplayEstimate.Mean(Of(corrected, traces));
    }

    private double[] DoublyRobust(double[] outcomes)
    {
        var known = _rows.Zip(outcomes).ToDictionary(pair => pair.First, pair => pair.Second);
        // Each half is predicted by what the other taught, so that no outcome predicts itself.
        OutcomeModel[] models = [ModelOf(1), ModelOf(0)];
        return [.. _rows.Select((row, index) =>
            _choices.MeanOf(index, model => Predicted(row, model)) + (_choices.Weights[index] * (outcomes[index] - Predicted(row, row.Model))))];

        OutcomeModel ModelOf(int fold) => new(Array.FindAll(_rows, row => row.Fold == fold), row => known[row]);

        double Predicted(ReplayRow row, string model) => models[row.Fold].Predict(model, row.Feature, row.PromptLength);
    }

    private static double[] Of(double[] values, int[] traces) => Array.ConvertAll(traces, trace => values[trace]);
}
