namespace LlmKit.Internal.Statistics;

/// <summary>The point below which a normal variable stays with a given probability.</summary>
/// <remarks>By halving, on the distribution function of Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: to six digits.</remarks>
internal static class NormalQuantile
{
    private const double Farthest = 10;
    private const int Halvings = 60;

    /// <param name="probability">Above 0 and below 1.</param>
    public static double Of(double probability)
    {
        var (low, high) = (-Farthest, Farthest);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            if (Below(middle) < probability)
                low = middle;
            else
                high = middle;
        }

        return (low + high) / 2;
    }

    private static double Below(double x)
    {
        var t = 1 / (1 + (0.3275911 * Math.Abs(x) / Math.Sqrt(2)));
        var tail = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429)))))))) * Math.Exp(-x * x / 2);
        return x < 0 ? tail / 2 : 1 - (tail / 2);
    }
}
