using System.Collections.Concurrent;

namespace LlmKit.Internal.Hedging;

/// <summary>What was seen of one model's calls: how long its answers take, and how many of them may be hedged; and watches to use again.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class HedgeTraffic(TimeProvider time)
{
    private const int MostIdleWatches = 64;

    // Below it a second attempt wins nothing that a caller would feel, and timers would fire for nobody.
    private static readonly TimeSpan LeastSeenDelay = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<HedgeWatch> _idle = new();
    private readonly RecentLatency _answers = new();
    private readonly RecentLatency _openings = new();
    private readonly ShareBudget _hedges = new(time);

    public TimeProvider Time => time;

    /// <summary>Counts a call and gives how long its first attempt has.</summary>
    public TimeSpan Enter(HedgePolicy policy, bool streaming, long started)
    {
        _hedges.CountCall(started);
        if (policy.Percentile is not { } part || Of(streaming).Percentile(part) is not { } seen)
            return policy.Delay;
        return seen > LeastSeenDelay ? seen : LeastSeenDelay;
    }

    /// <summary>Records how long the first attempt took; one that was left took at least so long.</summary>
    public void Leave(HedgePolicy policy, bool streaming, long started)
    {
        if (policy.Percentile is not null)
            Of(streaming).Record(time.GetElapsedTime(started));
    }

    /// <summary>Takes a hedge if one is left.</summary>
    public bool TryTake(HedgePolicy policy) => _hedges.TryTake(policy.Share, policy.Floor);

    /// <summary>Gives a watch for an attempt that begins.</summary>
    public HedgeWatch Watch(CancellationToken callerToken)
    {
        var watch = _idle.TryDequeue(out var idle) ? idle : new(this);
        watch.Begin(callerToken);
        return watch;
    }

    public bool TryKeep(HedgeWatch watch)
    {
        if (_idle.Count >= MostIdleWatches)
            return false;
        _idle.Enqueue(watch);
        return true;
    }

    private RecentLatency Of(bool streaming) => streaming ? _openings : _answers;
}
