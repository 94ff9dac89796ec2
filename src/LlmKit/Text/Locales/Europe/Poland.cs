using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Europe;

/// <summary>Identifiers of Poland.</summary>
internal static class Poland
{
    public static LocalePack Pack { get; } = new("PL",
    [
        Id("PL_PESEL", Medium, "#{11}", EuropeanChecks.Pesel, "pesel"),
        Grouped("PL_NIP", "###-###-##-##|###-##-##-###", "#{10}", EuropeanChecks.Nip, "nip", "podatkow"),
        Id("PL_ID_CARD", Medium, "@{3} ?#{6}", EuropeanChecks.PolishIdentityCard, "dowód", "dowodu"),
    ]);
}
