using LlmKit.Internal.RateLimiting;
using LlmKit.Internal.RateLimiting.Accounts;
using LlmKit.Testing;

namespace LlmKit.Tests.Internal.RateLimiting;

/// <summary>A limiter with a clock that stands still, and short words for limits and requests.</summary>
internal sealed class RateRig : IDisposable
{
    public RateRig() => Limiter = new(Clock);

    public ManualTimeProvider Clock { get; } = new();

    public RateLimiter Limiter { get; }

    public static RateRule Rule(
        string name = "limit", long? requests = null, long? input = null, long? output = null, long? tokens = null, long? concurrent = null, int queue = 0, double burst = 1, bool enforce = true) =>
        new(name, RateLimitScope.Tenant, new(requests, input, output, tokens, concurrent), burst) { Queue = queue, Enforce = enforce };

    public static RateRequest Request(RateRule rule, long input = 0, long output = 0, LlmPriority priority = LlmPriority.Normal, TimeSpan? patience = null) =>
        new([Charge(rule)], new(input, output)) { Priority = priority, Patience = patience };

    public static RateRequest Request(params RateRule[] rules) => new([.. rules.Select(rule => Charge(rule))], new(0, 0));

    public static RateCharge Charge(RateRule rule, string value = "acme") => new(rule, rule.AccountOf(value));

    public RateOutcome Acquire(in RateRequest request) => Limiter.Acquire(request);

    /// <summary>How many of the same requests pass at once.</summary>
    public int CountPassing(RateRule rule, long input = 0, long output = 0)
    {
        var count = 0;
        while (count < 1_000 && Acquire(Request(rule, input, output)).Permit is not null)
            count++;
        return count;
    }

    public void Dispose() => Limiter.Dispose();
}
