using LlmKit.Text;

namespace LlmKit.Control.Guardrails;

/// <summary>One rule: where it looks, what it does, and what it looks for.</summary>
internal sealed record GuardrailRule(Rail Rail, Verdict Verdict, ISpanDetector Detector);
