namespace Evaluate;

/// <summary>A text that is an attempt to inject instructions, or is not.</summary>
/// <param name="Text">The text.</param>
/// <param name="IsAttack">Whether it is one.</param>
/// <param name="Kind">The kind of text; <c>-</c> if the file names none.</param>
internal sealed record AttackRow(string Text, bool IsAttack, string Kind);
