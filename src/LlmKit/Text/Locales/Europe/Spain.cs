using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Europe;

/// <summary>Identifiers of Spain.</summary>
internal static class Spain
{
    public static LocalePack Pack { get; } = new("ES",
    [
        Id("ES_NIF", Medium, "#{7,8}-?[A-HJ-NP-TV-Z]", EuropeanChecks.Nif, "nif", "dni"),
        Id("ES_NIE", Medium, "[XYZ]-?#{7}-?[A-HJ-NP-TV-Z]", EuropeanChecks.Nie, "nie", "extranjero"),
        Id("ES_PASSPORT", Low, "@{3}#{6}", null, "pasaporte", "passport"),
    ]);
}
