namespace LlmKit.Internal.RateLimiting.Waiting;

/// <summary>Those that wait at one account, the next one first, with the timer that wakes them. Not thread-safe: its limiter locks it.</summary>
internal sealed class RateQueue(ITimer timer) : IDisposable
{
    private readonly LinkedList<RateWaiter> _waiters = [];

    public int Count => _waiters.Count;

    public RateWaiter First => _waiters.First!.Value;

    public RateWaiter Last => _waiters.Last!.Value;

    public void Add(RateWaiter waiter, long now)
    {
        var before = _waiters.Last;
        while (before is not null && waiter.Rank.IsBefore(before.Value.Rank))
            before = before.Previous;
        if (before is null)
            _waiters.AddFirst(waiter);
        else
            _waiters.AddAfter(before, waiter);
        SetTimer(now);
    }

    public void Remove(RateWaiter waiter) => _waiters.Remove(waiter);

    /// <summary>Gives those that have waited for long enough.</summary>
    public List<RateWaiter> GivenUp(long now) => [.. _waiters.Where(waiter => waiter.GivesUpAt <= now)];

    /// <summary>Sets the timer to when the first may fit, unless that depends on others, or somebody gives up.</summary>
    public void SetTimer(long now)
    {
        var wake = _waiters.Min(waiter => waiter.GivesUpAt);
        if (First.FitsAt > now)
            wake = Math.Min(wake, First.FitsAt);
        timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, wake - now)), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => timer.Dispose();
}
