using static LlmKit.Text.Locales.Checksums.WeightedSum;

namespace LlmKit.Text.Locales.Checksums;

/// <summary>What the authorities of the Americas check.</summary>
internal static class AmericanChecks
{
    /// <summary>United States, Social Security Administration: never given out, or printed in advertisements.</summary>
    public static bool SocialSecurityNumber(ReadOnlySpan<char> value)
    {
        if (value.StartsWith("000") || value.StartsWith("666") || value[0] == '9' || value[3..5] is "00" || value[5..] is "0000")
            return false;
        return value.ContainsAnyExcept(value[0]) && value is not ("078051120" or "123456789");
    }

    /// <summary>United States, Centers for Medicare: Luhn over the number behind the prefix 80840, which adds 24.</summary>
    public static bool NationalProvider(ReadOnlySpan<char> value)
    {
        Span<char> prefixed = ['8', '0', '8', '4', '0', .. "0000000000"];
        value.CopyTo(prefixed[5..]);
        return value[..9].ContainsAnyExcept(value[0]) && Checksum.Luhn(prefixed);
    }

    /// <summary>United States, Drug Enforcement Administration: twice the even digits and the odd ones end in the last.</summary>
    public static bool DrugEnforcement(ReadOnlySpan<char> value) => Of(value[2..], 1, 2, 1, 2, 1, 2) % 10 == value[8] - '0';

    /// <summary>United States, American Bankers Association: the ranges in use, and weights 3, 7, 1.</summary>
    public static bool RoutingNumber(ReadOnlySpan<char> value) =>
        BirthDates.Two(value) is <= 12 or (>= 21 and <= 32) or (>= 61 and <= 72) or 80
        && value.ContainsAnyExcept('0') && Of(value, 3, 7, 1, 3, 7, 1, 3, 7, 1) % 10 == 0;

    /// <summary>Brazil, CPF: two digits modulo 11.</summary>
    public static bool Cpf(ReadOnlySpan<char> value) =>
        value.ContainsAnyExcept(value[0])
        && Tail(Of(value, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == value[9] - '0' && Tail(Of(value, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2)) == value[10] - '0';

    /// <summary>Brazil, CNPJ: two digits modulo 11.</summary>
    public static bool Cnpj(ReadOnlySpan<char> value) =>
        value.ContainsAnyExcept(value[0])
        && Tail(Of(value, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == value[12] - '0' && Tail(Of(value, 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == value[13] - '0';

    private static int Tail(int sum) => sum % 11 < 2 ? 0 : 11 - sum % 11;
}
