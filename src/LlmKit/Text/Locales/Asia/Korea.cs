using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Asia;

/// <summary>Identifiers of Korea.</summary>
internal static class Korea
{
    public static LocalePack Pack { get; } = new("KR",
    [
        Resident("KR_RRN", "[1-4]", AsianChecks.KoreanResident, "rrn", "resident registration", "주민등록"),
        Resident("KR_FRN", "[5-8]", AsianChecks.KoreanForeigner, "frn", "foreigner registration", "외국인등록"),
        Grouped("KR_BRN", "###-##-#####", "#{10}", AsianChecks.KoreanBusiness, "brn", "business registration", "사업자"),
        Grouped("KR_DRIVER_LICENSE", "(1[1-9]|2[0-68])-##-######-##|(1[1-9]|2[0-68]) ## ###### ##", "(1[1-9]|2[0-68])#{10}", null, "license", "licence", "운전면허"),
        Id("KR_PASSPORT", Low, "[MSROD](###@####|#{8})", null, "passport", "여권"),
    ]);

    // Since October 2020 the last digits are drawn by lot, so that a wrong checksum refutes nothing.
    private static ISpanDetector Resident(string entity, string gender, Func<ReadOnlySpan<char>, bool> check, params string[] context) => LocalePack.Id(
        entity,
        new IdentifierRule($"#{{6}}-{gender}#{{6}}") { Check = check, Context = context, Score = High },
        new IdentifierRule($"#{{6}}{gender}#{{6}}") { Check = check, Context = context, Score = Medium },
        new IdentifierRule($"#{{6}}-{gender}#{{6}}") { Check = AsianChecks.KoreanBirthDate, Context = context, Score = Medium },
        new IdentifierRule($"#{{6}}{gender}#{{6}}") { Check = AsianChecks.KoreanBirthDate, Context = context });
}
