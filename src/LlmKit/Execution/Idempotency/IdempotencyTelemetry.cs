using System.Diagnostics.Metrics;
using LlmKit.Calls;
using Microsoft.Extensions.Logging;

namespace LlmKit.Execution.Idempotency;

/// <summary>What is counted and logged: decisions and types of exceptions, never keys and never texts.</summary>
internal static partial class IdempotencyTelemetry
{
    private static readonly Counter<long> Decisions = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.idempotency.decisions", "{decision}", "What was decided about calls that may repeat others.");

    private static readonly Counter<long> Dropped = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.idempotency.dropped", "{answer}", "Answers that were dropped from memory within their window because there were too many or too large ones.");

    public static void Decide(LlmCall call, string decision, string? reason = null)
    {
        call.AddStep(new IdempotencyStep(decision, reason));
        if (Decisions.Enabled)
            Decisions.Add(1, new KeyValuePair<string, object?>("llmkit.decision", decision));
    }

    public static void CountDropped(int answers)
    {
        if (answers > 0)
            Dropped.Add(answers);
    }

    [LoggerMessage(501, LogLevel.Warning, "The idempotency store of the pipeline '{Pipeline}' failed to {Action}: {Exception}.")]
    public static partial void StoreFailed(ILogger logger, string pipeline, string action, string exception);
}
