using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Variability;

/// <summary>What the stage counts and logs.</summary>
internal static partial class VariabilityTelemetry
{
    private static readonly Counter<long> Decisions = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.variability.decisions", "{decision}", "What was done to keep answers from varying, or would have been while observing.");

    private static readonly Counter<long> Alarms = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.variability.alarms", "{alarm}", "Probes that showed a feature to vary more than it may.");

    public static void Decided(VariabilityStep step)
    {
        if (Decisions.Enabled)
            Decisions.Add(1, new("llmkit.decision", step.Decision), new("llmkit.variability.kind", step.Kind), new(LlmKitDiagnostics.ObservedTag, step.Observed));
    }

    public static void Exceeded(ILogger logger, string pipeline, string feature, double disagreement, double tolerance, bool pinned)
    {
        Alarms.Add(1, new(LlmKitDiagnostics.PipelineTag, pipeline), new KeyValuePair<string, object?>(LlmKitDiagnostics.FeatureTag, feature));
        LogExceeded(logger, pipeline, feature, disagreement, tolerance, pinned ? "It is pinned from now on." : "Nothing was changed.");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pipeline '{Pipeline}': asked again, the feature '{Feature}' answers otherwise at a rate of {Disagreement:0.000}; {Tolerance:0.000} is declared to be the most. {Outcome}")]
    private static partial void LogExceeded(ILogger logger, string pipeline, string feature, double disagreement, double tolerance, string outcome);
}
