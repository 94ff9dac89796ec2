using LlmKit.Soak.Guard.Texts;
using LlmKit.Text;
using LlmKit.Text.Leaks;
using LlmKit.Text.Locales;

namespace LlmKit.Soak.Guard.Checks;

/// <summary>The detectors that are checked, and redactors of some of them.</summary>
internal static class Subjects
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private static readonly int[] s_holds = [TextRedactorOptions.LeastMaxHoldback, 256, 1_024, 1_024, 8_192];

    private static readonly RedactionStyle[] s_styles =
    [
        RedactionStyle.Label, RedactionStyle.Mask, RedactionStyle.Placeholder, RedactionStyle.KeyedHash("0123456789abcdef"u8),
        RedactionStyle.Custom(static (hit, value) => $"<{hit.Rule} at {hit.Start} {value.Length}>"),
    ];

    public static IReadOnlyList<(string Name, ISpanDetector Detector)> Detectors { get; } =
    [
        .. Named(TextDetectors.PersonalData), .. Named([TextDetectors.Secrets, TextDetectors.HiddenText, TextDetectors.MacAddress, TextDetectors.Url, TextDetectors.Date]),
        ("terms", TextDetectors.Terms(["blue falcon", "blue falcon nine", "the"])),
        ("identifier", TextDetectors.Identifier("MEMBER_ID", new IdentifierRule("MK~#{4,8}") { Context = ["member"] }, new IdentifierRule("@{7}"))),
        ("prompt leak", new PromptLeakDetector([Fragments.Confidential], words: 4)), ("canary", Canary.For("test").Detector),
        ("encoded", TextDetectors.Encoded(TextDetectors.Email, TextDetectors.Secrets)), ("exfiltration", TextDetectors.Exfiltration("ok.test")),
        ("pattern", TextDetectors.Pattern("ticket", "TICKET", @"\b(?:fal|x|brown)[ -]{0,2}[0-9a-z]{1,6}\b(?!\s*@)", new() { MaxLength = 24, StartCharacters = "fxb", TimeLimit = s_patience })),
        ("pattern at the end", TextDetectors.Pattern("number", "NUMBER", "3\\.[0-9]{1,4}$", new() { MaxLength = 8, TimeLimit = s_patience })),
        .. TextDetectors.Locales.SelectMany(country => Named(TextDetectors.Locale(country)).Select(found => ($"{country} {found.Name}", found.Detector))),
    ];

    public static TextRedactor All { get; } = new(Detectors.Select(known => known.Detector), new() { MinScore = DetectionScore.Low });

    /// <summary>Draws a redactor of some of the detectors with options of any kind.</summary>
    /// <param name="one">The case.</param>
    /// <param name="stops">Whether some of its rules stop the text.</param>
    public static TextRedactor Draw(GuardCase one, bool stops = false)
    {
        var options = new TextRedactorOptions
        {
            MinScore = one.Once(2) ? DetectionScore.Low : DetectionScore.Medium,
            Style = one.Pick(s_styles),
            MaxHoldback = one.Pick(s_holds),
            OnOverflow = one.Pick(Enum.GetValues<HoldbackOverflow>()),
        };
        var every = one.Once(3) ? 1 : one.Chance.Next(2, 12);
        var chosen = Detectors.Where(_ => one.Once(every)).Select(known => known.Detector).ToList();
        if (!stops)
            return new(chosen, options);
        return TextRedactor.Of(chosen.ConvertAll(detector => new TextRule(detector, one.Once(3) ? null : options.Style)), options);
    }

    private static IEnumerable<(string Name, ISpanDetector Detector)> Named(IEnumerable<ISpanDetector> detectors) => detectors.Select(detector => (detector.Name, detector));
}
