using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Europe;

/// <summary>Identifiers of Sweden.</summary>
internal static class Sweden
{
    private static readonly Func<ReadOnlySpan<char>, bool> s_organisation = value => Checksum.Luhn(value[^10..]);

    public static LocalePack Pack { get; } = new("SE",
    [
        Grouped("SE_PERSONNUMMER", "(18|19|20)?#{6}[+-]####|(18|19|20)#{10}", "#{10}", EuropeanChecks.Personnummer, "personnummer", "samordningsnummer"),
        Grouped("SE_ORGANISATIONSNUMMER", "(16)?[1-35-9]#[2-9]###-####", "(16)?[1-35-9]#[2-9]#{7}", s_organisation, "organisation", "org.nr", "orgnr"),
    ]);
}
