using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Europe;

/// <summary>Identifiers of France.</summary>
internal static class France
{
    public static LocalePack Pack { get; } = new("FR",
    [
        Id("FR_INSEE", High, "[1-478]~##~(0[1-9]|1[0-2]|[2-46-9]#|5#)~(##|2[AB])~###~###~##", EuropeanChecks.Insee, "insee", "sécurité sociale", "nir"),
        Grouped("FR_SIREN", "### ### ###", "#{9}", Checksum.Luhn, "siren"),
        Grouped("FR_SIRET", "### ### ### #####", "#{14}", Checksum.Luhn, "siret"),
        Id("FR_VAT", High, "FR ?## ?### ?### ?###", EuropeanChecks.FrenchVat, "tva", "vat"),
        Id("FR_PASSPORT", Low, "##[A-Z]{2}#{5}", null, "passeport", "passport"),
    ]);
}
