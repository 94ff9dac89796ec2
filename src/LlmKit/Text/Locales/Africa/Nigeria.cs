using LlmKit.Text.Locales.Checksums;
using static LlmKit.Text.DetectionScore;
using static LlmKit.Text.Locales.LocalePack;

namespace LlmKit.Text.Locales.Africa;

/// <summary>Identifiers of Nigeria.</summary>
internal static class Nigeria
{
    public static LocalePack Pack { get; } = new("NG",
    [
        Id("NG_NIN", Low, "#{11}", Checksum.Verhoeff, "nin", "national identi"),
        Grouped("NG_VEHICLE_REGISTRATION", "@{3}-###@@", "@{3}###@@", null, "plate", "vehicle", "registration"),
    ]);
}
