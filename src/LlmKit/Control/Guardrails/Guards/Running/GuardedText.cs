namespace LlmKit.Control.Guardrails;

/// <summary>What guards left of a text.</summary>
/// <param name="Text">The text that may pass.</param>
/// <param name="BlockedBy">The guard that blocks it; <see langword="null"/> while none does.</param>
/// <param name="HasChanged">Whether a guard changed it.</param>
internal readonly record struct GuardedText(string Text, string? BlockedBy, bool HasChanged = false);
