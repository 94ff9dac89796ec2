using System.Diagnostics.Metrics;

namespace LlmKit.Models;

/// <summary>What is counted of attempts.</summary>
internal static class AttemptTelemetry
{
    private static readonly Counter<long> FallbackPrices = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.attempts.fallback_priced", "{attempt}", "Attempts that were charged at the declared fallback price because their model has none of its own.");

    public static void FallbackPriced(string model) => FallbackPrices.Add(1, new KeyValuePair<string, object?>(LlmKitDiagnostics.ModelTag, model));
}
