namespace Evaluate;

/// <summary>A text and what a detector of one entity should find in it.</summary>
/// <param name="Entity">The name of the entity, as the file has it.</param>
/// <param name="Text">The text.</param>
/// <param name="Count">How many matches there should be.</param>
/// <param name="Spans">Where they should be, in UTF-16 code units; null if only their number is known.</param>
/// <param name="IsWeak">Whether the file itself calls the expected matches weak; such a row is not scored.</param>
internal sealed record EntityRow(string Entity, string Text, int Count, IReadOnlyList<(int Start, int End)>? Spans, bool IsWeak);
