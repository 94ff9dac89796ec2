using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Africa;

/// <summary>Identifiers of South Africa.</summary>
internal static class SouthAfrica
{
    public static LocalePack Pack { get; } = new("ZA",
    [
        Id("ZA_ID_NUMBER", Medium, "#{10}[0-2][89]#", AfricanChecks.SouthAfricanId, "rsa", "south africa", "id number"),
    ]);
}
