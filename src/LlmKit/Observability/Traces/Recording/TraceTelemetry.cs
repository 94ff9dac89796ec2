using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace LlmKit.Observability.Traces;

/// <summary>What is told of the traces' own health: counts and types, never a text.</summary>
internal static partial class TraceTelemetry
{
    private static readonly Counter<long> DroppedCount = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.trace.dropped", "{record}", "Trace records, or their contents, that were not kept, by reason.");

    /// <summary>Counts what was not kept.</summary>
    /// <param name="reason">One of few: <c>queue_full</c>, <c>content</c>, <c>closed</c>, <c>sampled_out</c>, <c>store_failed</c>, <c>evicted</c>, <c>torn</c>, <c>score</c>.</param>
    /// <param name="count">How many.</param>
    public static void Dropped(string reason, int count = 1)
    {
        if (DroppedCount.Enabled)
            DroppedCount.Add(count, new KeyValuePair<string, object?>("reason", reason));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The trace store failed to {Operation}: {Error}. Calls go on, and their records may be lost.")]
    public static partial void Failed(ILogger logger, string operation, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The trace file '{File}' has {Count} records that do not read; they are left out.")]
    public static partial void Torn(ILogger logger, string file, int count);
}
