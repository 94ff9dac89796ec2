using LlmKit.Orchestration.Routing.Learning.Features;

namespace LlmKit.Orchestration.Routing.Learning;

/// <summary>Fits a linear model of the probability that something is true, with a penalty on large weights.</summary>
/// <remarks>
/// Dual coordinate descent for logistic regression by Yu, Huang and Lin (Machine Learning 85, 2011): each step solves the problem of one example
/// exactly, so that there is no learning rate to choose. The order of the examples is drawn from a fixed seed: the same examples give the same model.
/// </remarks>
internal static class LogisticRegression
{
    private const int Rounds = 12;
    private const int MostSteps = 30;
    private const double Enough = 1e-3;
    private const double Edge = 1e-12;
    private const int OrderSeed = 5;

    /// <summary>Gives the weights.</summary>
    /// <param name="examples">The examples: what one looks like, whether it is true, and how much it counts, above 0.</param>
    /// <param name="length">The length of the dense vector.</param>
    /// <param name="trust">How much an example counts against the penalty, above 0.</param>
    public static float[] Fit(IReadOnlyList<(FeatureVector Features, bool IsTrue, double Weight)> examples, int length, double trust)
    {
        var weights = new float[length];
        var duals = new double[examples.Count];
        var squares = new double[examples.Count];
        for (var i = 0; i < duals.Length; i++)
            (duals[i], squares[i]) = (Edge * trust * examples[i].Weight, examples[i].Features.SquaredLength());

        var order = Enumerable.Range(0, examples.Count).ToArray();
        var chance = new Random(OrderSeed);
        for (var round = 0; round < Rounds; round++)
        {
            chance.Shuffle(order);
            foreach (var i in order)
            {
                var (features, isTrue, weight) = examples[i];
                var sign = isTrue ? 1 : -1;
                var dual = Solve(squares[i], sign * features.Dot(weights), duals[i], trust * weight);
                features.AddTo(weights, sign * (dual - duals[i]));
                duals[i] = dual;
            }
        }

        return weights;
    }

    /// <summary>Gives the probability for the product of weights and features.</summary>
    public static double Probability(double product) => 1 / (1 + Math.Exp(-product));

    // The least of z·ln z + (c − z)·ln(c − z) + ½q(z − a)² + b(z − a) over 0 < z < c: where the slope, which rises throughout, is 0.
    private static double Solve(double q, double b, double a, double c)
    {
        var (low, high) = (0.0, c);
        var z = a;
        for (var step = 0; step < MostSteps; step++)
        {
            var slope = (q * (z - a)) + b + Math.Log(z / (c - z));
            if (Math.Abs(slope) < Enough)
                break;
            if (slope > 0)
                high = z;
            else
                low = z;
            var next = z - (slope / (q + (c / (z * (c - z)))));
            z = next > low && next < high ? next : (low + high) / 2;
            z = Math.Clamp(z, Edge * c, c * (1 - Edge));
        }

        return z;
    }
}
