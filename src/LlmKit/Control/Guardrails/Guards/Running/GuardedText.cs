namespace LlmKit.Control.Guardrails;

/// <summary>What guards left of a text.</summary>
/// <param name="Text">The text that may pass.</param>
/// <param name="BlockedBy">The guard that blocks it; <see langword="null"/> while none does.</param>
/// <param name="ChangedBy">The guard that changed it first; <see langword="null"/> where none did.</param>
internal readonly record struct GuardedText(string Text, string? BlockedBy, string? ChangedBy = null)
{
    public bool HasChanged => ChangedBy is not null;
}
