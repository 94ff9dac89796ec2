using System.Diagnostics.Metrics;
using LlmKit.Internal.RateLimiting;

namespace LlmKit.Calls;

/// <summary>What rate limits count: names of limits, never of tenants or users.</summary>
internal static class RateLimitTelemetry
{
    private static readonly Counter<long> Refusals = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.rate_limit.refusals", "{request}", "Calls and attempts that a rate limit refused, or would have refused while observing.");

    private static readonly UpDownCounter<long> Waiting = LlmKitDiagnostics.Meter.CreateUpDownCounter<long>(
        "llmkit.rate_limit.waiting", "{request}", "Calls and attempts that wait for a rate limit.");

    private static readonly Histogram<double> Waits = LlmKitDiagnostics.Meter.CreateHistogram<double>(
        "llmkit.rate_limit.wait", "s", "How long calls and attempts waited for a rate limit, whatever became of them.");

    public static void Refused(RateRefusal refusal, bool observed) => Refusals.Add(1, Limit(refusal), Kind(refusal), new(LlmKitDiagnostics.ObservedTag, observed));

    public static void BeginsToWait(RateRefusal refusal) => Waiting.Add(1, Limit(refusal), Kind(refusal));

    public static void Waited(RateRefusal refusal, TimeSpan time)
    {
        Waiting.Add(-1, Limit(refusal), Kind(refusal));
        Waits.Record(time.TotalSeconds, Limit(refusal), Kind(refusal));
    }

    private static KeyValuePair<string, object?> Limit(RateRefusal refusal) => new("llmkit.rate_limit.name", refusal.Rule.Name);

    private static KeyValuePair<string, object?> Kind(RateRefusal refusal) => new("llmkit.rate_limit.kind", refusal.Kind.ToString());
}
