using static LlmKit.Text.Locales.Checksums.WeightedSum;

namespace LlmKit.Text.Locales.Checksums;

/// <summary>What the authorities of Oceania check.</summary>
internal static class OceanianChecks
{
    /// <summary>Australia, business number: one off the first digit, then modulo 89.</summary>
    public static bool BusinessNumber(ReadOnlySpan<char> value) => (Of(value, 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19) - 10) % 89 == 0;

    /// <summary>Australia, company number: modulo 10.</summary>
    public static bool CompanyNumber(ReadOnlySpan<char> value) =>
        value.ContainsAnyExcept('0') && (Of(value, 8, 7, 6, 5, 4, 3, 2, 1) + value[8] - '0') % 10 == 0;

    /// <summary>Australia, tax file number: modulo 11.</summary>
    public static bool TaxFileNumber(ReadOnlySpan<char> value) =>
        value.ContainsAnyExcept(value[0]) && Of(value, 1, 4, 3, 7, 5, 8, 6, 9, 10) % 11 == 0;

    /// <summary>Australia, Medicare: the ninth digit modulo 10; the tenth is the issue.</summary>
    public static bool Medicare(ReadOnlySpan<char> value) => Of(value, 1, 3, 7, 9, 1, 3, 7, 9) % 10 == value[8] - '0';
}
