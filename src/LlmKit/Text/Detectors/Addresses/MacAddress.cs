using LlmKit.Text.Locales;

namespace LlmKit.Text.Detectors.Addresses;

/// <summary>Addresses of network cards (IEEE 802): six pairs with colons or hyphens, or three groups of four with dots.</summary>
internal static class MacAddress
{
    private const string Pair = "[0-9A-F]{2}";
    private const string Four = "[0-9A-F]{4}";

    public static ISpanDetector Detector { get; } = new IdentifierDetector(
        "MAC",
        [
            new($"{Pair}(:{Pair}){{5}}|{Pair}(-{Pair}){{5}}") { Score = DetectionScore.Medium },
            new($"{Four}.{Four}.{Four}") { Score = DetectionScore.Medium },
        ]);
}
