using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Americas;

/// <summary>Identifiers of the United States.</summary>
internal static class UnitedStates
{
    private static readonly string[] s_taxWords = ["itin", "taxpayer", "tax id", "individual tax"];
    private static readonly string[] s_socialWords = ["ssn", "social security", "social-security", "ssid"];

    /// <summary>Part of every default rail.</summary>
    public static ISpanDetector SocialSecurityNumber { get; } = Id(
        "US_SSN",
        new IdentifierRule("###-##-####|### ## ####|###.##.####") { Check = AmericanChecks.SocialSecurityNumber, Context = s_socialWords, Score = Medium },
        new IdentifierRule("#{9}") { Check = AmericanChecks.SocialSecurityNumber, Context = s_socialWords });

    public static LocalePack Pack { get; } = new("US",
    [
        SocialSecurityNumber,
        Id(
            "US_ITIN",
            new IdentifierRule("9##[ -](5#|6[0-5]|7#|8[0-8]|9[0-24-9])[ -]####") { Context = s_taxWords, Score = Medium },
            new IdentifierRule("9##~(5#|6[0-5]|7#|8[0-8]|9[0-24-9])~####") { Context = s_taxWords }),
        Id("US_NPI", Low, "[12]###~###~###", AmericanChecks.NationalProvider, "npi", "national provider"),
        Id("US_DEA", Medium, "[A-HJ-MPR-UX][A-Z9]#######", AmericanChecks.DrugEnforcement, "dea", "medical license"),
        Id("US_ABA_ROUTING", Low, "[01236-8]###-?####-?#", AmericanChecks.RoutingNumber, "routing", "aba", "rtn", "bank"),
        Id("US_MBI", Medium, "[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]#-?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]#-?[AC-HJKMNP-RT-Y]{2}##", null, "mbi", "medicare"),
        Id("US_PASSPORT", Low, "[A-Z]?#{8}|#{9}", null, "passport", "travel document"),
        Id("US_DRIVER_LICENSE", Low, "@#{6,9}|@#{11,14}|@@#{3,7}|#{7,10}|#{12,13}", null, "driver", "driving licen", "license", "dl"),
        Id("US_BANK_ACCOUNT", Low, "#{8,17}", null, "account", "acct", "checking", "savings", "bank"),
    ]);
}
