using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>With what probability a policy chooses each model, for each trace.</summary>
internal sealed class ReplayedChoices
{
    private const double Rounding = 1e-6;

    private readonly ReplayRow[] _rows;
    private readonly double[][] _shares;

    /// <exception cref="ReplayRefusedException">The policy asks for what the traces do not hold, it fails, or its probabilities are none.</exception>
    public ReplayedChoices(RoutingPolicy policy, ReplayRow[] rows)
    {
        (Policy, _rows) = (policy, rows);
        _shares = Array.ConvertAll(rows, SharesOf);
        Weights = [.. rows.Select((row, index) => ShareOf(index, row.Model) / row.Propensity ?? double.NaN)];
    }

    public RoutingPolicy Policy { get; }

    /// <summary>Gets how much rather the policy makes each choice than the one that was logged; no number where the log does not know.</summary>
    public double[] Weights { get; }

    /// <summary>Gives the probability with which a model is chosen for a trace.</summary>
    public double ShareOf(int row, string model)
    {
        for (var i = 0; i < _shares[row].Length; i++)
        {
            if (_rows[row].Candidates[i] == model)
                return _shares[row][i];
        }

        return 0;
    }

    /// <summary>Gives the models that may be chosen for a trace.</summary>
    public IEnumerable<string> ModelsOf(int row) => _rows[row].Candidates.Where((_, index) => _shares[row][index] > 0);

    /// <summary>Gives the mean of something over the models that may be chosen for a trace.</summary>
    public double MeanOf(int row, Func<string, double> of) => ModelsOf(row).Sum(model => ShareOf(row, model) * of(model));

    /// <summary>Gives the share of some requests that each model gets.</summary>
    public Dictionary<string, double> Shares(int[] traces) =>
        traces.SelectMany(trace => _rows[trace].Candidates.Select((model, at) => (Model: model, Share: _shares[trace][at])))
            .GroupBy(choice => choice.Model, StringComparer.Ordinal)
            .ToDictionary(model => model.Key, model => model.Sum(choice => choice.Share) / traces.Length, StringComparer.Ordinal);

    private double[] SharesOf(ReplayRow row)
    {
        double[] shares;
        try
        {
            shares = [.. row.Candidates.Select(model => Policy.PropensityOf(model, row.Request))];
        }
        catch (UnrecordedFactException exception)
        {
            throw new ReplayRefusedException($"The policy '{Policy.Name}' reads {exception.Message}, which the traces do not hold. Set RoutingTraceLogOptions to record what can be recorded, or replay another policy.", exception);
        }

        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new ReplayRefusedException($"The policy '{Policy.Name}' failed with {exception.GetType().Name} on a trace, so nobody can say what it would have chosen. Mend it, or replay another policy.", exception);
        }

        return Math.Abs(shares.Sum() - 1) < Rounding && Array.TrueForAll(shares, share => share is >= 0 and <= 1 + Rounding)
            ? shares
            : throw new ReplayRefusedException($"The probabilities with which the policy '{Policy.Name}' chooses do not add up to 1. Override RoutingPolicy.PropensityOf so that it gives them over all chances.");
    }
}
