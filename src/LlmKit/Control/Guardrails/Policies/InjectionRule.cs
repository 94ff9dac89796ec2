namespace LlmKit.Control.Guardrails;

/// <summary>What happens to a text that tries to override the instructions.</summary>
internal sealed record InjectionRule(Rail Rails, RailVerdict Verdict, bool Observed);
