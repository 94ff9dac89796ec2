using LlmKit.Internal.RateLimiting.Accounts;

namespace LlmKit.Internal.RateLimiting;

/// <summary>What one request has taken of its limits. It is ended once; a later end does nothing.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RatePermit(RateLimiter limiter, RatePermit.Part[] parts, RateSize taken)
{
    private int _left;
    private int _ended;

    /// <summary>Says that it is under way no more; what it used is said later.</summary>
    public void Leave()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
            limiter.Leave(parts);
    }

    /// <summary>Ends it with what it used, more or less than was taken.</summary>
    public void Settle(RateSize used) => End(used);

    /// <summary>Ends it as if it had never been.</summary>
    public void Release() => End(used: null);

    private void End(RateSize? used)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            limiter.End(parts, taken, used, leave: Interlocked.Exchange(ref _left, 1) == 0);
    }

    /// <summary>What was taken at one account.</summary>
    internal struct Part
    {
        public RateAccount Account;
        public RateLimitKind[] Kinds;
        public RateMarks Marks;
    }
}
