using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Oceania;

/// <summary>Identifiers of Australia.</summary>
internal static class Australia
{
    public static LocalePack Pack { get; } = new("AU",
    [
        Id("AU_ABN", Medium, "[1-9]#~###~###~###", OceanianChecks.BusinessNumber, "abn", "business number"),
        Id("AU_ACN", Low, "### ?### ?###", OceanianChecks.CompanyNumber, "acn", "company number"),
        Id("AU_TFN", Low, "### ?### ?###", OceanianChecks.TaxFileNumber, "tfn", "tax file"),
        Id("AU_MEDICARE", Low, "[2-6]### ?##### ?#", OceanianChecks.Medicare, "medicare"),
    ]);
}
