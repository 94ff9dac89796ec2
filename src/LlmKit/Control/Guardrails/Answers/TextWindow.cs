namespace LlmKit.Control.Guardrails;

/// <summary>A part of a text that guards look at.</summary>
/// <param name="Text">The part.</param>
/// <param name="Overlap">How many of its first characters guards have seen before.</param>
/// <param name="IsFromStart">Whether the text begins with it.</param>
internal readonly record struct TextWindow(string Text, int Overlap, bool IsFromStart)
{
    public bool HasNew => Text.Length > Overlap;
}
