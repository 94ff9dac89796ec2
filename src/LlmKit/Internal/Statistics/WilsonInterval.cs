namespace LlmKit.Internal.Statistics;

/// <summary>What a mean of values from 0 to 1 says of the mean behind it.</summary>
/// <remarks>
/// Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American Statistical Association 22 (1927). It is
/// made for values that are 0 or 1; among all values from 0 to 1 of one mean those vary most, so for others it is too wide rather than too narrow.
/// </remarks>
internal static class WilsonInterval
{
    /// <summary>Gives the one-sided upper bound; 1 where there is nothing to go by.</summary>
    /// <param name="mean">The mean seen, 0 to 1.</param>
    /// <param name="of">Of how many values; of weighted ones, of how many of equal weight.</param>
    /// <param name="confidence">Above 0.5 and below 1.</param>
    public static double Upper(double mean, double of, double confidence = 0.95) => of == 0 ? 1 : Bound(mean, of, NormalQuantile.Of(confidence));

    /// <summary>Gives the one-sided lower bound; 0 where there is nothing to go by.</summary>
    /// <param name="mean">The mean seen, 0 to 1.</param>
    /// <param name="of">Of how many values; of weighted ones, of how many of equal weight.</param>
    /// <param name="confidence">Above 0.5 and below 1.</param>
    public static double Lower(double mean, double of, double confidence = 0.95) => of == 0 ? 0 : Bound(mean, of, -NormalQuantile.Of(confidence));

    private static double Bound(double mean, double of, double z)
    {
        var square = z * z / of;
        var half = z * Math.Sqrt((mean * (1 - mean) / of) + (square / (4 * of)));
        return Math.Clamp((mean + (square / 2) + half) / (1 + square), 0, 1);
    }
}
