namespace LlmKit.Text;

/// <summary>What was found in a text, with offsets in it.</summary>
/// <param name="Replaced">The matches to replace, ordered by start and free of overlaps.</param>
/// <param name="Stopping">The matches that stop the text, ordered by start.</param>
internal readonly record struct TextFindings(IReadOnlyList<TextHit> Replaced, IReadOnlyList<TextHit> Stopping)
{
    public static TextFindings None { get; } = new([], []);

    public bool IsEmpty => Replaced.Count == 0 && Stopping.Count == 0;
}
