using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace LlmKit.Observability.Tracing;

/// <summary>What is told of texts that were to be stored as files: counts and types, never a text.</summary>
internal static partial class UploadTelemetry
{
    private static readonly Counter<long> DroppedCount = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.upload.dropped", "{file}", "Files with the texts of calls that were not written, by reason.");

    /// <summary>Counts what was not stored.</summary>
    /// <param name="reason">One of <c>queue_full</c>, <c>closed</c>, <c>failed</c>.</param>
    /// <param name="count">How many.</param>
    public static void Dropped(string reason, int count = 1)
    {
        if (DroppedCount.Enabled && count > 0)
            DroppedCount.Add(count, new KeyValuePair<string, object?>("reason", reason));
    }

    [LoggerMessage(306, LogLevel.Warning, "A text of a call could not be stored as a file: {Error}. Calls go on.")]
    public static partial void Failed(ILogger logger, string error);

    [LoggerMessage(307, LogLevel.Warning, "Texts of calls are to be stored as files, and {Variable} names no local folder: nothing is stored. Set it to a path such as /var/lib/shop/llm.")]
    public static partial void NoFolder(ILogger logger, string variable);
}
