using System.Diagnostics.Metrics;

namespace LlmKit.Orchestration.Routing;

/// <summary>What the router counts.</summary>
internal static class RouterTelemetry
{
    private static readonly Counter<long> Decisions = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.router.decisions", "{decision}", "What routers decided, or would have while observing, by model.");

    public static void Decided(string decision, string model, bool observed)
    {
        if (Decisions.Enabled)
            Decisions.Add(1, new("llmkit.decision", decision), new("llmkit.model", model), new("llmkit.observed", observed));
    }
}
