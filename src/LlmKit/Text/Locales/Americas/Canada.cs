using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Americas;

/// <summary>Identifiers of Canada.</summary>
internal static class Canada
{
    public static LocalePack Pack { get; } = new("CA",
    [
        Grouped("CA_SIN", "[1-79]##-###-###|[1-79]## ### ###", "[1-79]#{8}", Checksum.Luhn, "sin", "social insurance", "assurance sociale", "nas"),
        Id("CA_POSTAL_CODE", Low, "[A-CEGHJ-NPR-TVXY]#[A-CEGHJ-NPR-TV-Z] ?#[A-CEGHJ-NPR-TV-Z]#", null, "postal", "code postal", "address"),
    ]);
}
