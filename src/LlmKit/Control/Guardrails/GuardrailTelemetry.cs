using System.Diagnostics.Metrics;
using LlmKit.Calls;
using LlmKit.Text;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Guardrails;

/// <summary>Records verdicts: names of rules, never the text.</summary>
internal static partial class GuardrailTelemetry
{
    /// <summary>The rule of a detector that failed: nothing was evaluated, so nothing may pass.</summary>
    public const string NotEvaluated = "not-evaluated";

    private static readonly Counter<long> Verdicts = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.guardrails.verdicts", "{verdict}", "Verdicts of guardrails, by rail and rule.");

    /// <summary>Records one step for each rule that matched.</summary>
    public static void Record(LlmCall call, Rail rail, IEnumerable<TextHit> hits, bool observe)
    {
        foreach (var rule in hits.GroupBy(hit => hit.Rule))
            Record(call, rail, BlockingDetector.IsBlocking(rule.Key) ? Verdict.Block : Verdict.Redact, BlockingDetector.NameOf(rule.Key), rule.Count(), observe);
    }

    public static void Record(LlmCall call, Rail rail, Verdict verdict, string rule, int count, bool observe)
    {
        call.AddStep(new GuardrailStep(rail, verdict, rule, count) { Observed = observe });
        Verdicts.Add(1, new("llmkit.guardrails.rail", rail), new("llmkit.guardrails.rule", rule), new("llmkit.guardrails.verdict", verdict), new("llmkit.observed", observe));
    }

    [LoggerMessage(301, LogLevel.Error, "A guardrail of the {Rail} rail failed with {Error}; the text was not let through.")]
    public static partial void Failed(ILogger logger, Rail rail, string error);
}
