using System.Diagnostics.Metrics;

namespace LlmKit.Execution.Hedging;

/// <summary>What is counted: names and fixed reasons.</summary>
internal static class HedgingTelemetry
{
    private static readonly Counter<long> Decisions = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.hedging.decisions", "{decision}", "Second attempts that were started, won, lost or not made, by model and reason.");

    public static void Decided(string decision, string model, string? reason)
    {
        if (Decisions.Enabled)
            Decisions.Add(1, new("llmkit.decision", decision), new("llmkit.model", model), new("llmkit.hedging.reason", reason));
    }
}
