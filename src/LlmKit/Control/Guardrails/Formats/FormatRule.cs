namespace LlmKit.Control.Guardrails;

/// <summary>A form that answers are held to.</summary>
internal sealed record FormatRule(IAnswerFormat Format, FormatOptions Options, bool Observed);
