using System.Diagnostics.Metrics;

namespace LlmKit.Calls;

/// <summary>Counts how calls stood to what is declared for them.</summary>
internal static class ConstraintTelemetry
{
    private static readonly Counter<long> Outcomes = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.call.constraints", "{call}", "How calls stood to their declared constraints: met or broken, by constraint, and by feature where it has constraints of its own.");

    public static void Judged(string pipeline, string? feature, IReadOnlyList<ConstraintOutcome> outcomes)
    {
        if (!Outcomes.Enabled)
            return;
        foreach (var outcome in outcomes)
        {
            Outcomes.Add(
                1,
                new(LlmKitDiagnostics.PipelineTag, pipeline),
                new(LlmKitDiagnostics.FeatureTag, feature),
                new("llmkit.constraint", outcome.Name),
                new KeyValuePair<string, object?>("llmkit.constraint.met", outcome.Met));
        }
    }
}
