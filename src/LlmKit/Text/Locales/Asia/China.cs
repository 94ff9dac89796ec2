using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Asia;

/// <summary>Identifiers of China.</summary>
internal static class China
{
    public static LocalePack Pack { get; } = new("CN",
    [
        Id("CN_RESIDENT_ID", High, "[1-9]#{16}[0-9X]", AsianChecks.ChineseResident, "身份证", "resident id"),
    ]);
}
