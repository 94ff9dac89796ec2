using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Europe;

/// <summary>Identifiers of Germany.</summary>
internal static class Germany
{
    private static readonly string[] s_idWords = ["ausweis", "personalausweis", "id card", "identity card"];

    public static LocalePack Pack { get; } = new("DE",
    [
        Id("DE_TAX_ID", Low, "[1-9]#~#{3}~#{3}~#{3}", GermanChecks.TaxId, "steuer", "tax", "idnr", "tin"),
        Grouped("DE_TAX_NUMBER", "##/###/#####|###/###/#####|##/####/####|###/####/####", "(0[1-9]|1[0-6])#{11}|#{5}/#{5}", null, "steuer", "st.-nr", "stnr", "finanzamt"),
        Id("DE_VAT_ID", Medium, "DE[ .-]?[1-9]##[ .-]?###[ .-]?###", GermanChecks.VatId, "ust", "umsatzsteuer", "vat", "mwst"),
        Id("DE_SOCIAL_SECURITY", High, "##~#{6}~@~###", GermanChecks.SocialSecurity, "rvnr", "rentenversicherung", "sozialversicherung", "versicherungsnummer"),
        Id("DE_HEALTH_INSURANCE", Medium, "@#{9}", GermanChecks.HealthInsurance, "kvnr", "krankenversicher", "versicherten", "krankenkasse"),
        Id(
            "DE_ID_CARD",
            new IdentifierRule("[CFGHJ-NPRTV-Z][0-9CFGHJ-NPRTV-Z]{7}#") { Check = GermanChecks.Document, Context = s_idWords, Score = Medium },
            new IdentifierRule("T#{8}") { Context = s_idWords }),
        Id("DE_PASSPORT", Medium, "[CFGHJK][0-9CFGHJ-NPRTV-Z]{7}#", GermanChecks.Document, "pass", "reisepass"),
        Id("DE_DRIVING_LICENCE", Low, "@@#{8}*|@##*{6}#*", null, "führerschein", "fahrerlaubnis", "driving"),
        Id("DE_COMMERCIAL_REGISTER", Medium, "HR[AB] ?#{1,6}", null, "handelsregister", "amtsgericht"),
        Id("DE_PHYSICIAN", Low, "#{9}", GermanChecks.Physician, "lanr", "arztnummer", "arzt"),
        Id("DE_PRACTICE", Low, "(0[1-3]|17|20|38|46|5[12]|7[1-38]|83|88|93|9[89])#{7}", null, "bsnr", "betriebsstätte"),
        Id("DE_POSTAL_CODE", Low, "#{5}", GermanChecks.PostalCode, "plz", "postleitzahl", "anschrift", "adresse"),
        Id("DE_VEHICLE_REGISTRATION", Low, "@{1,3}[ -]@{1,2}[ -]?[1-9]#{0,3}[EH]?", null, "kennzeichen", "kfz", "nummernschild", "fahrzeug"),
    ]);
}
