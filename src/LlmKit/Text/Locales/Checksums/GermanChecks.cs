using static LlmKit.Text.Locales.Checksums.WeightedSum;

namespace LlmKit.Text.Locales.Checksums;

/// <summary>What the authorities of Germany check.</summary>
internal static class GermanChecks
{
    /// <summary>Tax identification: ISO/IEC 7064 MOD 11,10, and no digit more than three times before it.</summary>
    public static bool TaxId(ReadOnlySpan<char> value)
    {
        foreach (var digit in "0123456789")
        {
            if (value[..10].Count(digit) > 3)
                return false;
        }

        return Checksum.Mod11Mod10(value);
    }

    /// <summary>VAT number: ISO/IEC 7064 MOD 11,10 behind the country.</summary>
    public static bool VatId(ReadOnlySpan<char> value) => Checksum.Mod11Mod10(value[2..]);

    /// <summary>Pension insurance: a date of birth, and cross sums of weighted digits modulo 10.</summary>
    public static bool SocialSecurity(ReadOnlySpan<char> value) =>
        BirthDates.IsDayMonthYear(value[2..]) && OfCrossSums(value[..11], 2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1) % 10 == value[11] - '0';

    /// <summary>Health insurance: cross sums of digits weighted 1 and 2, modulo 10.</summary>
    public static bool HealthInsurance(ReadOnlySpan<char> value) =>
        OfCrossSums(value[..9], 1, 2, 1, 2, 1, 2, 1, 2, 1, 2) % 10 == value[9] - '0';

    /// <summary>Identity card and passport (ICAO Doc 9303): weights 7, 3, 1, letters from A = 10 on.</summary>
    public static bool Document(ReadOnlySpan<char> value)
    {
        ReadOnlySpan<int> weights = [7, 3, 1];
        var sum = 0;
        for (var i = 0; i < 8; i++)
            sum += Base36(value[i]) * weights[i % 3];
        return sum % 10 == value[8] - '0';
    }

    /// <summary>Number of a physician: weights 4 and 9, the seventh digit fills up to ten.</summary>
    public static bool Physician(ReadOnlySpan<char> value) => (10 - Of(value, 4, 9, 4, 9, 4, 9) % 10) % 10 == value[6] - '0';

    /// <summary>Postal code: 01001 to 99998.</summary>
    public static bool PostalCode(ReadOnlySpan<char> value) => Number(value) is >= 1001 and <= 99998;
}
