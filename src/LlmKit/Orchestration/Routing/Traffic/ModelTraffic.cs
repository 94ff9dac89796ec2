namespace LlmKit.Orchestration.Routing.Traffic;

/// <summary>What one router sees of one model: how many requests wait for it, and how long it takes of late.</summary>
/// <remarks>
/// The latency is a mean that forgets with time, and jumps up to a slow answer at once (peak EWMA, as in Finagle): a model that has become slow is
/// left fast and comes back slowly. A failure counts as the time that it took and a penalty, so that failing fast never looks fast. Thread-safe.
/// </remarks>
internal sealed class ModelTraffic(TimeProvider time)
{
    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stale = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_penalty = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private int _inFlight;
    private double _seconds;
    private long _lastSeen;
    private bool _isKnown;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Gets the latency; <see langword="null"/> where nothing was seen for two minutes.</summary>
    public TimeSpan? Latency
    {
        get
        {
            lock (_lock)
                return _isKnown && time.GetElapsedTime(_lastSeen) < s_stale ? TimeSpan.FromSeconds(_seconds) : null;
        }
    }

    /// <summary>Counts a request that begins and gives when that was.</summary>
    public long Begin()
    {
        Interlocked.Increment(ref _inFlight);
        return time.GetTimestamp();
    }

    /// <summary>Counts a request that has ended, or whose stream has.</summary>
    public void End() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Notes the first content, or the whole answer, of a request.</summary>
    public void Answered(long begun) => Note(time.GetElapsedTime(begun));

    /// <summary>Notes a failure.</summary>
    public void Failed(long begun) => Note(time.GetElapsedTime(begun) + s_penalty);

    private void Note(TimeSpan took)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var seconds = took.TotalSeconds;
            var kept = _isKnown ? Math.Exp(-time.GetElapsedTime(_lastSeen, now) / s_memory) : 0;
            // Within one moment a mean over the last few must still move.
            kept = Math.Min(kept, 0.9);
            _seconds = !_isKnown || seconds > _seconds ? seconds : (kept * _seconds) + ((1 - kept) * seconds);
            (_lastSeen, _isKnown) = (now, true);
        }
    }
}
