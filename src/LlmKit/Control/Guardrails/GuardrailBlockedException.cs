using LlmKit.Control.Guardrails;

namespace LlmKit;

/// <summary>A rail stopped a request or an answer. It names the rule, never the text.</summary>
public sealed class GuardrailBlockedException : LlmException
{
    internal GuardrailBlockedException(Rail rail, string rule)
        : base($"The {((rail & Rail.Request) != Rail.None ? "request" : "answer")} was blocked by the rule '{rule}'. Tell the user that it cannot be answered; the call's steps say more.")
    {
        Rail = rail;
        Rule = rule;
    }

    /// <summary>Gets where it was stopped.</summary>
    public Rail Rail { get; }

    /// <summary>Gets the rule.</summary>
    public string Rule { get; }
}
