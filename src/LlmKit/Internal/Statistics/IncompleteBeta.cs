namespace LlmKit.Internal.Statistics;

/// <summary>The regularised incomplete beta function: the probability that a beta variable is at most x.</summary>
/// <remarks>
/// The continued fraction of Abramowitz and Stegun, Handbook of Mathematical Functions, 26.5.8, evaluated by Lentz's method as modified by
/// Thompson and Barnett (J. Comput. Phys. 64, 1986); the logarithm of the gamma function by Stirling's series. Relative errors stay below 1e-8 up to
/// parameters of 1e7.
/// </remarks>
internal static class IncompleteBeta
{
    private const double Tiny = 1e-300;
    private const double Enough = 1e-15;
    private const int StirlingFrom = 15;

    /// <param name="x">0 to 1.</param>
    /// <param name="a">Above 0.</param>
    /// <param name="b">Above 0.</param>
    public static double Regularized(double x, double a, double b)
    {
        if (x <= 0)
            return 0;
        if (x >= 1)
            return 1;

        // The fraction converges fast below the mean, and the function has a symmetry.
        return x < (a + 1) / (a + b + 2) ? Below(x, a, b) : 1 - Below(1 - x, b, a);
    }

    private static double Below(double x, double a, double b)
    {
        var front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * double.LogP1(-x)));
        return front * Fraction(x, a, b) / a;
    }

    private static double Fraction(double x, double a, double b)
    {
        // The terms needed grow with the root of the larger parameter.
        var most = 200 + (int)(10 * Math.Sqrt(Math.Max(a, b)));
        var c = 1.0;
        var d = 1 / AwayFromZero(1 - ((a + b) * x / (a + 1)));
        var result = d;
        for (var m = 1; m <= most; m++)
        {
            Step(m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m))));
            var last = result;
            Step(-(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1)));
            if (Math.Abs(result - last) <= Enough * Math.Abs(result))
                break;
        }

        return result;

        void Step(double term)
        {
            d = 1 / AwayFromZero(1 + (term * d));
            c = AwayFromZero(1 + (term / c));
            result *= d * c;
        }
    }

    private static double AwayFromZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    private static double LogGamma(double x)
    {
        // Up to where Stirling's series is exact, by the recurrence of the gamma function.
        var product = 1.0;
        for (; x < StirlingFrom; x++)
            product *= x;
        var inverse = 1 / x;
        var square = inverse * inverse;
        var series = inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square * ((1.0 / 1680) - (square / 1188))))))));
        return ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series - Math.Log(product);
    }
}
