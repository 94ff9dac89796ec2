namespace LlmKit.Text.Locales.Checksums;

/// <summary>What the authorities of Africa check.</summary>
internal static class AfricanChecks
{
    /// <summary>South Africa: a date of birth, citizen, resident or refugee, and Luhn.</summary>
    public static bool SouthAfricanId(ReadOnlySpan<char> value) =>
        BirthDates.IsYearMonthDay(value) && Checksum.Luhn(value);
}
