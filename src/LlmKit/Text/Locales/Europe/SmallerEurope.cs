using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Europe;

/// <summary>Countries of Europe of which only the number of a person is known here.</summary>
internal static class SmallerEurope
{
    public static IReadOnlyList<LocalePack> Packs { get; } =
    [
        new("NL", [Id("NL_BSN", Low, "#{9}|####.##.###", EuropeanChecks.Bsn, "bsn", "burgerservice", "sofi")]),
        new("BE", [Grouped("BE_NATIONAL_NUMBER", "##.##.##-###.##|#{6}-###-##|#{6}-###.##", "#{11}", EuropeanChecks.BelgianNational, "rijksregister", "registre national", "national")]),
        new("CH", [Id("CH_AHV", High, "756([.]####[.]####[.]##|#{10}| #### #### ##)", EuropeanChecks.Ahv, "ahv", "avs")]),
        new("NO", [Id("NO_BIRTH_NUMBER", Medium, "#{6} ?#{5}", EuropeanChecks.NorwegianBirthNumber, "fødselsnummer", "personnummer")]),
        new("PT", [Id("PT_NIF", Low, "[1-35689]## ?### ?###", EuropeanChecks.PortugueseTax, "nif", "contribuinte")]),
    ];
}
