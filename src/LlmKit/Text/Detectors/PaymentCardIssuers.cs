namespace LlmKit.Text.Detectors;

/// <summary>The issuer ranges of ISO/IEC 7812 that payment networks use, with their lengths, and the Luhn checksum.</summary>
internal static class PaymentCardIssuers
{
    /// <summary>Whether these digits, all of them, are a card number of an issuer whose numbers have the given lengths.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> digits, (int Least, int Most) lengths)
    {
        if (digits.Length < lengths.Least || digits.Length > lengths.Most)
            return false;
        // Visa issued 13, 16 and 19 digits and nothing between.
        if (digits[0] == 4 && digits.Length is not (13 or 16 or 19))
            return false;
        return digits.ContainsAnyExcept(digits[0]) && HasLuhnChecksum(digits);
    }

    /// <summary>Whether the range is so wide, or the length so odd, that one in ten ordinary numbers would pass.</summary>
    public static bool IsLoose(ReadOnlySpan<byte> digits) =>
        digits[0] is 5 or 6 && digits.Length != 16 && !(digits[0] == 6 && digits[1] is 0 or 2 or 4 or 5);

    /// <summary>The lengths of the numbers with these four leading digits; zeros if no payment network has them.</summary>
    public static (int Least, int Most) Lengths(ReadOnlySpan<byte> digits)
    {
        var four = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
        return four switch
        {
            >= 1000 and <= 1999 => (15, 15),
            >= 2200 and <= 2204 => (16, 19),
            >= 2221 and <= 2720 => (16, 16),
            >= 3000 and <= 3059 or 3095 => (14, 19),
            >= 3400 and <= 3499 or >= 3700 and <= 3799 => (15, 15),
            >= 3528 and <= 3589 => (16, 19),
            >= 3600 and <= 3699 or >= 3800 and <= 3999 => (14, 19),
            >= 4000 and <= 4999 => (13, 19),
            >= 5100 and <= 5599 => (16, 16),
            6011 or >= 6440 and <= 6499 or >= 6500 and <= 6599 => (16, 19),
            >= 6200 and <= 6299 or >= 8100 and <= 8199 => (16, 19),
            >= 5000 and <= 5099 or >= 5600 and <= 6999 => (12, 19),
            _ => default,
        };
    }

    private static bool HasLuhnChecksum(ReadOnlySpan<byte> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] << (i & 1);
            sum += digit > 9 ? digit - 9 : digit;
        }

        return sum % 10 == 0;
    }
}
