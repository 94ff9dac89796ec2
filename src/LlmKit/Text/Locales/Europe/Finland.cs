using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Europe;

/// <summary>Identifiers of Finland.</summary>
internal static class Finland
{
    public static LocalePack Pack { get; } = new("FI",
    [
        Id("FI_PERSONAL_IDENTITY_CODE", High, "[0-3]#[01]###[+A-FU-Y-]###[0-9A-FHJ-NPR-Y]", EuropeanChecks.Hetu, "hetu", "henkilötunnus", "personbeteckning"),
        Id("FI_BUSINESS_ID", Medium, "#{7}-#", EuropeanChecks.FinnishBusiness, "y-tunnus", "fo-nummer"),
    ]);
}
