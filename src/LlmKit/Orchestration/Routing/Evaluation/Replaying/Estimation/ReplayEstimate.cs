using LlmKit.Calls;
using LlmKit.Internal.Statistics;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>A mean over traces, with what each of them moves it by: enough for its interval, and for that of a difference.</summary>
/// <param name="Value">The mean.</param>
/// <param name="Moves">By how much each trace moves it, times their number; 0 in the mean.</param>
internal sealed record ReplayEstimate(double Value, double[] Moves)
{
    /// <summary>The mean of what each trace gives.</summary>
    public static ReplayEstimate Mean(double[] values)
    {
        var mean = values.Average();
        return new(mean, Array.ConvertAll(values, value => value - mean));
    }

    /// <summary>The mean of outcomes by weight; the moves are those of the delta method for a ratio (Owen, Monte Carlo, 9.2).</summary>
    public static ReplayEstimate SelfNormalized(double[] weights, double[] outcomes)
    {
        var (total, sum) = (0.0, 0.0);
        for (var i = 0; i < weights.Length; i++)
            (total, sum) = (total + weights[i], sum + (weights[i] * outcomes[i]));
        var value = sum / total;
        return new(value, [.. weights.Select((weight, index) => weights.Length * weight / total * (outcomes[index] - value))]);
    }

    /// <summary>Gives how much more one mean is than another over the same traces.</summary>
    public static ReplayEstimate operator -(ReplayEstimate left, ReplayEstimate right) =>
        new(left.Value - right.Value, [.. left.Moves.Zip(right.Moves, (one, other) => one - other)]);

    public Interval Within(double confidence)
    {
        var most = NormalQuantile.Of((1 + confidence) / 2) * Math.Sqrt(Moves.Sum(move => move * move) / (Moves.Length - 1) / Moves.Length);
        return new(Value, Value - most, Value + most);
    }

    /// <summary>The interval of a mean score. Where all scores are alike there is no spread to go by, and Wilson's interval says how much that proves.</summary>
    public Interval ScoreWithin(double confidence, double count)
    {
        var value = Math.Clamp(Value, 0, 1);
        var (_, low, high) = Within(confidence);
        if (high - low < 1e-9)
            (low, high) = (WilsonInterval.Lower(value, count, (1 + confidence) / 2), WilsonInterval.Upper(value, count, (1 + confidence) / 2));
        return new(value, Math.Clamp(low, 0, value), Math.Clamp(high, value, 1));
    }
}
