using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Americas;

/// <summary>Identifiers of Brazil.</summary>
internal static class Brazil
{
    public static LocalePack Pack { get; } = new("BR",
    [
        Grouped("BR_CPF", "###.###.###-##", "#{11}", AmericanChecks.Cpf, "cpf", "cadastro"),
        Grouped("BR_CNPJ", "##.###.###/####-##", "#{14}", AmericanChecks.Cnpj, "cnpj"),
    ]);
}
