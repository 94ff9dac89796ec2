namespace LlmKit.Internal.Statistics;

/// <summary>What a count of k in n says of the share behind it, exactly and without assuming a normal distribution.</summary>
/// <remarks>
/// Clopper and Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial, Biometrika 26 (1934): the upper bound at
/// confidence 1 − α is the share at which k or fewer would be seen with probability α. Conservative: the true confidence is at least what is asked for.
/// </remarks>
internal static class BinomialInterval
{
    private const int Halvings = 200;

    /// <summary>Gives the one-sided upper bound of a share.</summary>
    /// <param name="count">How many of them, 0 to <paramref name="of"/>.</param>
    /// <param name="of">How many in all; of none the share may be anything, so that the bound is 1.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static double Upper(long count, long of, double confidence = 0.95)
    {
        Check(count, of, confidence);
        return count == of ? 1 : Quantile(confidence, count + 1.0, of - count);
    }

    /// <summary>Gives the one-sided lower bound of a share.</summary>
    /// <param name="count">How many of them, 0 to <paramref name="of"/>.</param>
    /// <param name="of">How many in all; of none the share may be anything, so that the bound is 0.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static double Lower(long count, long of, double confidence = 0.95)
    {
        Check(count, of, confidence);
        return count == 0 ? 0 : Quantile(1 - confidence, count, of - count + 1.0);
    }

    /// <summary>Gives both bounds of a share, each missed with half of what the confidence leaves.</summary>
    /// <param name="count">How many of them, 0 to <paramref name="of"/>.</param>
    /// <param name="of">How many in all.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static (double Lower, double Upper) TwoSided(long count, long of, double confidence = 0.95)
    {
        Check(count, of, confidence);
        var each = (1 + confidence) / 2;
        return (Lower(count, of, each), Upper(count, of, each));
    }

    /// <summary>Gives how many must be looked at so that a count proves a share below a limit.</summary>
    /// <param name="count">The count that is expected, 0 or more.</param>
    /// <param name="limit">The share to stay within, above 0 and below 1.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <returns>The least number whose <see cref="Upper"/> is at most the limit: ln(1 − confidence) / ln(1 − limit), rounded up, for a count of 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public static long Needed(long count, double limit, double confidence = 0.95)
    {
        Check(count, count, confidence);
        if (!(limit > 0 && limit < 1))
            throw new ArgumentOutOfRangeException(nameof(limit), $"The limit '{limit}' is not between 0 and 1. Give a share such as 0.02.");
        var (low, high) = (count, count + 1);
        while (Upper(count, high, confidence) > limit)
            (low, high) = (high, 2 * high);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (Upper(count, middle, confidence) > limit)
                low = middle;
            else
                high = middle;
        }

        return high;
    }

    /// <summary>The point below which a beta variable stays with the given probability.</summary>
    private static double Quantile(double probability, double a, double b)
    {
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < Halvings && high - low > double.Epsilon; i++)
        {
            var middle = low + ((high - low) / 2);
            if (middle == low || middle == high)
                break;
            if (IncompleteBeta.Regularized(middle, a, b) < probability)
                low = middle;
            else
                high = middle;
        }

        return high;
    }

    private static void Check(long count, long of, double confidence)
    {
        if (of < 0)
            throw new ArgumentOutOfRangeException(nameof(of), $"The number '{of}' is negative. Give how many were looked at.");
        if (count < 0 || count > of)
            throw new ArgumentOutOfRangeException(nameof(count), $"The count '{count}' is outside 0 to '{of}'. Give how many of them were found.");
        if (!(confidence > 0 && confidence < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), $"The confidence '{confidence}' is not between 0 and 1. Give one such as 0.95.");
    }
}
