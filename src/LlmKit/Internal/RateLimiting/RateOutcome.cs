using LlmKit.Internal.RateLimiting.Waiting;

namespace LlmKit.Internal.RateLimiting;

/// <summary>What became of a request: it passes, is refused, or waits.</summary>
/// <param name="Permit">What it took, when it passes.</param>
/// <param name="Refusal">Why it does not pass, or not yet.</param>
/// <param name="Waiter">Where it waits, when it does.</param>
internal readonly record struct RateOutcome(RatePermit? Permit, RateRefusal? Refusal, RateWaiter? Waiter = null)
{
    /// <summary>Gets what limits that only observe would have refused; <see langword="null"/> for nothing.</summary>
    public IReadOnlyList<RateRefusal>? Observed { get; init; }
}
