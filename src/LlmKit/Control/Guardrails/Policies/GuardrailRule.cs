using LlmKit.Text;

namespace LlmKit.Control.Guardrails;

/// <summary>One rule about parts of texts: where it looks, what it does, and what it looks for.</summary>
internal sealed record GuardrailRule(Rail Rails, RailVerdict Verdict, ISpanDetector Detector, RedactionStyle? Style, bool Observed)
{
    public RedactionStyle StyleIn(RedactionStyle common) => Style ?? common;
}
