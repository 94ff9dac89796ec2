using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Asia;

/// <summary>Identifiers of Turkey.</summary>
internal static class Turkey
{
    private static readonly string[] s_phoneWords = ["telefon", "phone", "gsm", "cep", "numara", "tel"];

    public static LocalePack Pack { get; } = new("TR",
    [
        Id("TR_NATIONAL_ID", Medium, "[1-9]#{10}", AsianChecks.TurkishNational, "kimlik", "tckn", "t.c."),
        Id("TR_LICENSE_PLATE", Low, "(0[1-9]|[1-7]#|8[01]) ?[A-PR-VYZ]{1,3} ?#{2,5}", null, "plaka", "plate"),
        Id(
            "TR_PHONE_NUMBER",
            new IdentifierRule(@"\+90[ -]?\(?[2-5]##\)?[ -]?###[ -]?##[ -]?##") { Context = s_phoneWords, Score = Medium },
            new IdentifierRule(@"(0[ -]?)?\(?[2-5]##\)?[ -]?###[ -]?##[ -]?##") { Context = s_phoneWords }),
    ]);
}
