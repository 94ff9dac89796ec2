using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Asia;

/// <summary>Identifiers of the Philippines.</summary>
internal static class Philippines
{
    private static readonly string[] s_phoneWords = ["mobile", "phone", "cell", "contact", "call", "text", "numero"];

    public static LocalePack Pack { get; } = new("PH",
    [
        Id(
            "PH_MOBILE_NUMBER",
            new IdentifierRule(@"\+63[ -]?\(?9##\)?[ -]?###[ -]?####") { Context = s_phoneWords, Score = Medium },
            new IdentifierRule(@"0[ -]?\(?9##\)?[ -]?###[ -]?####") { Context = s_phoneWords }),
        Id("PH_TIN", Low, "###-###-###(-###)?|#{9}(###)?", AsianChecks.PhilippineTaxpayer, "tin", "taxpayer"),
    ]);
}
