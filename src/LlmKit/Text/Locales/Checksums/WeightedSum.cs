namespace LlmKit.Text.Locales.Checksums;

/// <summary>Sums that the checksums of single countries are made of.</summary>
internal static class WeightedSum
{
    /// <summary>The sum of the leading digits, each times its weight.</summary>
    public static int Of(ReadOnlySpan<char> value, params ReadOnlySpan<int> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
            sum += (value[i] - '0') * weights[i];
        return sum;
    }

    /// <summary>The same with the digits of each product added up; a letter stands for its two-digit place in the alphabet.</summary>
    public static int OfCrossSums(ReadOnlySpan<char> value, params ReadOnlySpan<int> weights)
    {
        var (sum, next) = (0, 0);
        foreach (var c in value)
        {
            if (char.IsAsciiLetter(c))
                sum += CrossSum((c - 'A' + 1) / 10 * weights[next++]) + CrossSum((c - 'A' + 1) % 10 * weights[next++]);
            else
                sum += CrossSum((c - '0') * weights[next++]);
        }

        return sum;
    }

    /// <summary>The number that digits spell.</summary>
    public static long Number(ReadOnlySpan<char> digits)
    {
        var number = 0L;
        foreach (var c in digits)
            number = number * 10 + c - '0';
        return number;
    }

    /// <summary>The value of a digit, or of a letter from A = 10 on.</summary>
    public static int Base36(char c) => char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10;

    private static int CrossSum(int number) => number / 10 + number % 10;
}
