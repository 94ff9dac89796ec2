using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Europe;

/// <summary>Identifiers of the United Kingdom.</summary>
internal static class UnitedKingdom
{
    private static readonly string[] s_vehicleWords = ["vehicle", "registration", "number plate", "reg", "car", "dvla"];

    public static LocalePack Pack { get; } = new("GB",
    [
        Id("UK_NHS", Low, "###~###~####", EuropeanChecks.Nhs, "nhs", "national health", "patient"),
        Id("UK_NINO", Medium, "@@~##~##~##~[A-D]", EuropeanChecks.NationalInsurance, "nino", "national insurance", "ni"),
        Id("UK_POSTCODE", Low, "([A-PR-UWYZ]##?|[A-PR-UWYZ][A-HK-Y]##?|[A-PR-UWYZ]#[A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y]#[ABEHMNPRVWXY]) ?#[ABD-HJLNP-UW-Z]{2}|GIR ?0AA", null, "postcode", "post code", "postal", "address"),
        Id("UK_DRIVING_LICENCE", Medium, "(@{5}|@{4}9|@{3}99|@@999|@9999)#([05][1-9]|[16][0-2])(0[1-9]|[12]#|3[01])#[A-Z9]{2}*@@", null, "driving", "driver", "licence", "dvla"),
        Id("UK_PASSPORT", Low, "@@#{7}|#{9}", null, "passport"),
        Id(
            "UK_VEHICLE_REGISTRATION",
            new IdentifierRule("[A-HJ-PR-Y]{2}(0[2-9]|[12]#|5[1-9]|[67]#) ?[A-HJ-PR-Z]{3}") { Context = s_vehicleWords, Score = Medium },
            new IdentifierRule("[A-HJ-NPR-TV-Y][1-9]#?#? ?[A-HJ-PR-Y]{3}|[A-HJ-PR-Y]{3} ?[1-9]#?#?[A-HJ-NPR-TV-Y]") { Context = s_vehicleWords }),
    ]);
}
