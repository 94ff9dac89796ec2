using LlmKit.Internal.RateLimiting;

namespace LlmKit.Calls;

/// <summary>What a call has taken of one limiter's limits on callers. It is under way until it closes, and uses what its attempts use, also those that end later.</summary>
/// <remarks>Thread-safe: it locks itself and never leaves the library.</remarks>
internal sealed class CallPass(LlmCall call, RateLimiter limiter)
{
    private readonly List<RateCharge> _passed = [];
    private List<RatePermit> _permits = [];

    public RateLimiter Limiter { get; } = limiter;

    /// <summary>Gives those limits that the call has not passed yet.</summary>
    public RateCharge[] NotPassed(RateCharge[] charges)
    {
        lock (this)
            return _passed.Count == 0 ? charges : [.. charges.Where(charge => !_passed.Exists(passed => passed.Account == charge.Account))];
    }

    /// <summary>Keeps a permit until the call closes.</summary>
    public void Keep(RatePermit permit, RateCharge[] charges)
    {
        lock (this)
        {
            _passed.AddRange(charges);
            _permits.Add(permit);
        }

        // A close that came meanwhile either sees the permit or is seen here.
        Interlocked.MemoryBarrier();
        if (call.IsClosed)
            End();
    }

    /// <summary>Ends what is kept, because the call has closed.</summary>
    public void End()
    {
        List<RatePermit> permits;
        lock (this)
            (permits, _permits) = (_permits, []);
        foreach (var permit in permits)
            permit.Leave();
        if (call.PendingAttempts == 0)
            Settle(permits);
        else
            _ = SettleLaterAsync(permits);
    }

    private async Task SettleLaterAsync(List<RatePermit> permits)
    {
        await call.WhenSettled.ConfigureAwait(false);
        Settle(permits);
    }

    private void Settle(List<RatePermit> permits)
    {
        var usage = call.Usage;
        foreach (var permit in permits)
            permit.Settle(new(usage.Input, usage.Output));
    }
}
