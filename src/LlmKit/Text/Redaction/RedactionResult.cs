namespace LlmKit.Text;

/// <summary>A redacted text and what was found in the original.</summary>
/// <param name="Text">The redacted text; the original reference if nothing was found.</param>
/// <param name="Hits">The matches, ordered by start and free of overlaps, with offsets in the original text.</param>
public readonly record struct RedactionResult(string Text, IReadOnlyList<TextHit> Hits)
{
    /// <summary>Whether anything was redacted.</summary>
    public bool IsRedacted => Hits.Count > 0;
}
