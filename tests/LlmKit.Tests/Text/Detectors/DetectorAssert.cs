using LlmKit.Text;

namespace LlmKit.Tests.Text.Detectors;

/// <summary>What a detector finds at the default score, as text.</summary>
internal static class DetectorAssert
{
    public static string[] FoundBy(ISpanDetector detector, string text) =>
        [.. new TextRedactor([detector]).Find(text).Select(hit => text.Substring(hit.Start, hit.Length))];
}
