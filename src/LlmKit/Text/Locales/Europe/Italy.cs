using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Europe;

/// <summary>Identifiers of Italy.</summary>
internal static class Italy
{
    public static LocalePack Pack { get; } = new("IT",
    [
        Id("IT_FISCAL_CODE", High, "@{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}@[0-9LMNP-V]{3}@", EuropeanChecks.FiscalCode, "codice fiscale", "fiscal"),
        Id("IT_VAT_CODE", Low, "(#[ _]?){10}#", Checksum.Luhn, "partita iva", "p.iva", "piva", "vat"),
        Id("IT_DRIVER_LICENSE", Low, "@@#{7}@|U1[0-9B-DF-HJ-NPR-TW-Z]{7}@", null, "patente", "guida", "driv"),
        Id("IT_IDENTITY_CARD", Low, "@@ ?#{5}@@|#{7}@@|@@ ?#{7}", null, "carta", "identit", "cie"),
        Id("IT_PASSPORT", Low, "@@#{7}", null, "passaporto", "passport"),
    ]);
}
