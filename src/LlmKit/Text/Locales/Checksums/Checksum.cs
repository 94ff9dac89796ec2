namespace LlmKit.Text.Locales.Checksums;

/// <summary>Checksums that identifiers of many countries share, for <see cref="IdentifierRule.Check"/>.</summary>
/// <remarks>Each takes the letters in upper case and the digits of an identifier, the check digits last, and is pure and thread-safe.</remarks>
public static class Checksum
{
    private static ReadOnlySpan<byte> VerhoeffProduct =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 0, 6, 7, 8, 9, 5, 2, 3, 4, 0, 1, 7, 8, 9, 5, 6, 3, 4, 0, 1, 2, 8, 9, 5, 6, 7,
        4, 0, 1, 2, 3, 9, 5, 6, 7, 8, 5, 9, 8, 7, 6, 0, 4, 3, 2, 1, 6, 5, 9, 8, 7, 1, 0, 4, 3, 2, 7, 6, 5, 9, 8, 2, 1, 0, 4, 3,
        8, 7, 6, 5, 9, 3, 2, 1, 0, 4, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0,
    ];

    private static ReadOnlySpan<byte> VerhoeffStep => [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

    /// <summary>The Luhn checksum (ISO/IEC 7812-1, annex B) over digits that are not all equal.</summary>
    /// <param name="value">Digits only.</param>
    /// <returns>Whether it holds; false for anything but digits.</returns>
    public static bool Luhn(ReadOnlySpan<char> value)
    {
        if (!IsNumber(value) || !value.ContainsAnyExcept(value[0]))
            return false;
        var sum = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var digit = (value[^(i + 1)] - '0') << (i & 1);
            sum += digit > 9 ? digit - 9 : digit;
        }

        return sum % 10 == 0;
    }

    /// <summary>The checksum of J. Verhoeff (1969) over digits.</summary>
    /// <param name="value">Digits only.</param>
    /// <returns>Whether it holds; false for anything but digits.</returns>
    public static bool Verhoeff(ReadOnlySpan<char> value)
    {
        if (!IsNumber(value))
            return false;
        var state = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var digit = value[^(i + 1)] - '0';
            for (var turn = i % 8; turn > 0; turn--)
                digit = VerhoeffStep[digit];
            state = VerhoeffProduct[state * 10 + digit];
        }

        return state == 0;
    }

    /// <summary>ISO/IEC 7064 MOD 97-10: the number has the remainder 1 modulo 97, letters counting 10 to 35.</summary>
    /// <param name="value">Digits and upper-case letters.</param>
    /// <returns>Whether it holds.</returns>
    public static bool Mod97(ReadOnlySpan<char> value)
    {
        var remainder = 0;
        foreach (var c in value)
            remainder = char.IsAsciiDigit(c) ? (remainder * 10 + c - '0') % 97 : (remainder * 100 + c - 'A' + 10) % 97;
        return remainder == 1;
    }

    /// <summary>ISO/IEC 7064 MOD 11,10 over digits.</summary>
    /// <param name="value">Digits only.</param>
    /// <returns>Whether it holds; false for anything but digits.</returns>
    public static bool Mod11Mod10(ReadOnlySpan<char> value)
    {
        if (!IsNumber(value))
            return false;
        var product = 10;
        foreach (var c in value[..^1])
        {
            var sum = (c - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        return (product + value[^1] - '0') % 10 == 1;
    }

    /// <summary>A weighted sum of the digits that a modulus divides.</summary>
    /// <param name="modulus">The modulus, 2 or more, such as 11.</param>
    /// <param name="weights">A weight for each digit, the one of the check digit included.</param>
    /// <returns>The checksum; false for texts of another length or with letters.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The modulus is below 2.</exception>
    public static Func<ReadOnlySpan<char>, bool> Weighted(int modulus, params int[] weights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(modulus, 2);
        ArgumentNullException.ThrowIfNull(weights);
        int[] own = [.. weights];
        return value => value.Length == own.Length && IsNumber(value) && WeightedSum.Of(value, own) % modulus == 0;
    }

    private static bool IsNumber(ReadOnlySpan<char> value) => !value.IsEmpty && !value.ContainsAnyExceptInRange('0', '9');
}
