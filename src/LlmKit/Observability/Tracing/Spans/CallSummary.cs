using LlmKit.Calls;

namespace LlmKit.Observability.Tracing;

/// <summary>What a call's attempts amount to when its span ends.</summary>
internal readonly record struct CallSummary(IReadOnlyList<CallAttempt> Attempts, string? Provider, decimal? Cost, bool IsUnpriced)
{
    public static CallSummary Of(LlmCall call)
    {
        var attempts = call.Attempts;
        var cost = 0m;
        var priced = false;
        var unpriced = false;
        string? provider = null;
        foreach (var attempt in attempts)
        {
            cost += attempt.Cost;
            priced |= attempt.Priced;
            unpriced |= !attempt.Priced && attempt.Usage.Total > 0;
            if (attempt.Failure is null && attempt.Purpose == call.Purpose)
                provider = attempt.Provider;
        }

        return new(attempts, provider, priced && !unpriced ? cost : null, unpriced);
    }
}
