using LlmKit.Calls;

namespace LlmKit.Observability.Tracing;

/// <summary>What a call's attempts amount to when its span ends.</summary>
/// <param name="Attempts">The attempts that have ended.</param>
/// <param name="Provider">Who gave the answer.</param>
/// <param name="Cost">What all attempts cost, in USD; <see langword="null"/> where that is not known, or a recording answered: what a replay is charged is no money.</param>
/// <param name="IsUnpriced">Whether tokens were used whose price nobody knows.</param>
/// <param name="IsReplayed">Whether a recording answered in the place of a model.</param>
/// <param name="Purpose">What the call is for, where it serves another.</param>
internal readonly record struct CallSummary(IReadOnlyList<CallAttempt> Attempts, string? Provider, decimal? Cost, bool IsUnpriced, bool IsReplayed, string? Purpose)
{
    /// <summary>Gets whether an attempt may be a recording's: its usage is that of another time.</summary>
    public bool MayBeReplayed(CallAttempt attempt) => IsReplayed && attempt.Purpose == Purpose;

    public static CallSummary Of(LlmCall call, bool isReplayed)
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

        return new(attempts, provider, priced && !unpriced && !isReplayed ? cost : null, unpriced && !isReplayed, isReplayed, call.Purpose);
    }
}
