using System.Diagnostics;
using System.Diagnostics.Metrics;
using LlmKit.Calls;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Guardrails;

/// <summary>Records verdicts: names of rules, never the text.</summary>
internal static partial class GuardrailTelemetry
{
    /// <summary>What a rule that failed has said: nothing was evaluated.</summary>
    public const string NotEvaluated = "not-evaluated";

    private static readonly Counter<long> Verdicts = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.guardrails.verdicts", "{verdict}", "Verdicts of guardrails, by rail and rule.");

    public static void Record(LlmCall call, bool draft, GuardrailStep step)
    {
        call.AddStep(step);
        Verdicts.Add(
            1,
            new("llmkit.guardrails.rail", NameOf(step.Rail)),
            new("llmkit.guardrails.rule", step.Rule),
            new("llmkit.guardrails.verdict", NameOf(step.Verdict)),
            new("llmkit.guardrails.evaluated", step.Evaluated),
            new("llmkit.observed", step.Observed));
        if (draft)
            AddDraftEvent(step);
    }

    public static string NameOf(Rail rail) => rail switch
    {
        Rail.Input => "input",
        Rail.Output => "output",
        Rail.Retrieved => "retrieved",
        Rail.ToolResult => "tool_result",
        Rail.ToolCall => "tool_call",
        _ => "several",
    };

    public static string NameOf(RailVerdict verdict) => verdict switch
    {
        RailVerdict.Block => "block",
        RailVerdict.Redact => "redact",
        RailVerdict.Rewrite => "rewrite",
        RailVerdict.Flag => "flag",
        _ => "allow",
    };

    [LoggerMessage(301, LogLevel.Error, "The guardrail '{Rule}' of the {Rail} rail failed with {Error}; the text {Outcome}.")]
    public static partial void Failed(ILogger logger, string rule, Rail rail, string error, string outcome);

    // The names of the draft of OpenTelemetry's conventions for guardrails (semantic-conventions-genai, pull request 427).
    private static void AddDraftEvent(GuardrailStep step) => Activity.Current?.AddEvent(new("gen_ai.security.finding", tags: new()
    {
        ["gen_ai.security.policy.rule.id"] = step.Rule,
        ["gen_ai.security.verdict.decision"] = NameOf(step.Verdict),
        ["gen_ai.security.action.type"] = step.Observed ? "audit" : NameOf(step.Verdict),
        ["gen_ai.security.target.type"] = NameOf(step.Rail),
    }));
}
