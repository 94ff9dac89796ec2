using System.Diagnostics.Metrics;

namespace LlmKit.Observability.Tracing;

/// <summary>The cost metric of the conventions' draft: made when an option first asks for it, seen by nobody before.</summary>
internal static class DraftCostMetric
{
    private static readonly Histogram<double> Cost =
        LlmKitDiagnostics.Meter.CreateHistogram<double>(CostNames.DraftMetric, "USD", "What operations cost.");

    /// <summary>Makes the instrument, so that it can be listened to from the start.</summary>
    public static void Publish() => _ = Cost;

    public static void Record(decimal usd, MetricTags tags) => Cost.Record((double)usd, tags.All);
}
