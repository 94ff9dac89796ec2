namespace LlmKit.Execution.Resilience;

/// <summary>How many retries one model gets, so that an outage does not multiply the load on it: a share of the calls of the last ten seconds, and a few beside it.</summary>
/// <remarks>Thread-safe. The rule is that of Finagle's retry budget: a share of recent requests plus a floor for quiet times.</remarks>
internal sealed class RetryBudget(TimeProvider time)
{
    /// <summary>Why a retry is not made when none is left.</summary>
    public const string UsedUp = "the model's retry budget is used up";

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly TwoCountWindow _callsAndRetries = new(time);

    /// <summary>Counts a call that began at a timestamp: its first attempt is nobody's retry.</summary>
    public void CountCall(long timestamp)
    {
        lock (_lock)
            _callsAndRetries.Add(second: false, Window, timestamp);
    }

    /// <summary>Takes a retry if one is left.</summary>
    public bool TryTake(double share, int floor)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var (calls, retries) = _callsAndRetries.Read(Window, now);
            if (retries >= floor + share * calls)
                return false;
            _callsAndRetries.Add(second: true, Window, now);
            return true;
        }
    }
}
