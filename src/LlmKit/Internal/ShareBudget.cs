namespace LlmKit.Internal;

/// <summary>How many extra attempts one model gets, so that an outage does not multiply the load on it: a share of the calls of the last ten seconds, and a few beside it.</summary>
/// <remarks>Thread-safe. The rule is that of Finagle's retry budget: a share of recent requests plus a floor for quiet times.</remarks>
internal sealed class ShareBudget(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly TwoCountWindow _callsAndExtras = new(time);

    /// <summary>Counts a call that began at a timestamp: its first attempt is no extra.</summary>
    public void CountCall(long timestamp)
    {
        lock (_lock)
            _callsAndExtras.Add(second: false, Window, timestamp);
    }

    /// <summary>Takes an extra attempt if one is left.</summary>
    public bool TryTake(double share, int floor)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var (calls, extras) = _callsAndExtras.Read(Window, now);
            if (extras >= floor + share * calls)
                return false;
            _callsAndExtras.Add(second: true, Window, now);
            return true;
        }
    }
}
