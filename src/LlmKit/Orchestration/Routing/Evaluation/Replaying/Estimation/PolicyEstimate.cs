namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>The estimates of one policy over the traces of a log.</summary>
internal sealed class PolicyEstimate
{
    private readonly ReplayedChoices _choices;
    private readonly ReplayRow[] _rows;
    private readonly ReplayEstimator _estimator;

    public PolicyEstimate(ReplayedChoices choices, ReplayRow[] rows, ReplayEstimator estimator)
    {
        (_choices, _rows, _estimator) = (choices, rows, estimator);
        Quality = Of(static (row, model) => row.ScoreOf(model))!;
        Cost = Of(static (row, model) => row.CostOf(model));
    }

    public ReplayEstimate Quality { get; }

    public ReplayEstimate? Cost { get; }

    public PolicyReplay Summary(double confidence)
    {
        var effective = _estimator == ReplayEstimator.Paired ? _rows.Length : Math.Pow(_choices.Weights.Sum(), 2) / _choices.Weights.Sum(weight => weight * weight);
        return new(
            _choices.Policy.Name,
            _choices.Policy.Version,
            Quality.ScoreWithin(confidence, effective),
            Cost?.Within(confidence),
            _choices.Shares(),
            _rows.Length,
            _rows.Where((row, index) => _choices.ShareOf(index, row.Model) > 0).Count(),
            effective,
            _estimator);
    }

    private ReplayEstimate? Of(Func<ReplayRow, string, double?> outcome)
    {
        if (_estimator == ReplayEstimator.Paired)
        {
            double[] values = [.. _rows.Select((row, index) => _choices.MeanOf(index, model => outcome(row, model) ?? double.NaN))];
            return Array.Exists(values, double.IsNaN) ? null : ReplayEstimate.Mean(values);
        }

        double[] own = Array.ConvertAll(_rows, row => outcome(row, row.Model) ?? double.NaN);
        if (Array.Exists(own, double.IsNaN))
            return null;
        return _estimator == ReplayEstimator.SelfNormalized ? ReplayEstimate.SelfNormalized(_choices.Weights, own) : DoublyRobust(own);
    }

    private ReplayEstimate DoublyRobust(double[] outcomes)
    {
        var known = _rows.Zip(outcomes).ToDictionary(pair => pair.First, pair => pair.Second);
        // Each half is predicted by what the other taught, so that no outcome predicts itself.
        OutcomeModel[] models = [ModelOf(1), ModelOf(0)];
        return ReplayEstimate.Mean([.. _rows.Select((row, index) =>
            _choices.MeanOf(index, model => Predicted(row, model)) + (_choices.Weights[index] * (outcomes[index] - Predicted(row, row.Model))))]);

        OutcomeModel ModelOf(int fold) => new(Array.FindAll(_rows, row => row.Fold == fold), row => known[row]);

        double Predicted(ReplayRow row, string model) => models[row.Fold].Predict(model, row.Feature, row.PromptLength);
    }
}
