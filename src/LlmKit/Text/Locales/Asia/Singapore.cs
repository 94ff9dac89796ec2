using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Asia;

/// <summary>Identifiers of Singapore.</summary>
internal static class Singapore
{
    private static readonly string[] s_uenWords = ["uen", "entity", "business"];

    public static LocalePack Pack { get; } = new("SG",
    [
        Checked("SG_NRIC_FIN", Low, "[STFGM]#{7}@", AsianChecks.SingaporeIdentity, "nric", "fin", "identity"),
        Id(
            "SG_UEN",
            new IdentifierRule("#{8}@") { Check = AsianChecks.SingaporeBusiness, Context = s_uenWords, Score = Medium },
            new IdentifierRule("(19|20)###{5}@") { Check = AsianChecks.SingaporeCompany, Context = s_uenWords, Score = Medium },
            new IdentifierRule("[TSR]##[A-Z]*####@") { Check = AsianChecks.SingaporeEntity, Context = s_uenWords, Score = Medium }),
    ]);
}
