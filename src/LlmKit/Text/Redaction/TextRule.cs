using LlmKit.Text.Scanning;

namespace LlmKit.Text;

/// <summary>What to look for and what to do with it.</summary>
/// <param name="Detector">What to look for.</param>
/// <param name="Style">What stands in its place; <see langword="null"/> for a match that stops the text instead.</param>
internal readonly record struct TextRule(ISpanDetector Detector, RedactionStyle? Style)
{
    public bool Stops => Style is null;

    /// <summary>Whether the detector reads the text as it stands, and not as it is seen.</summary>
    public bool ReadsRaw { get; } = Detector is IReadsRawText;
}
