using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Asia;

/// <summary>Identifiers of Thailand.</summary>
internal static class Thailand
{
    public static LocalePack Pack { get; } = new("TH",
    [
        Grouped(
            "TH_TNIN", "[1-8]-####-#####-##-#", "[1-8](1#|2[0-7]|[34]#|5[0-8]|[67][0-7]|8[0-6]|9[0-6])#{10}", AsianChecks.ThaiNational, "tnin", "thai national", "ประจำตัวประชาชน", "บัตรประชาชน"),
    ]);
}
