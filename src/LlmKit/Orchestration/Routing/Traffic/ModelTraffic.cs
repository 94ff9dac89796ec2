namespace LlmKit.Orchestration.Routing.Traffic;

/// <summary>What one router sees of one model: how many requests wait for it, and how long it takes of late.</summary>
/// <remarks>
/// The latency is a mean that forgets with time, and jumps up to a slow answer at once (peak EWMA, as in Finagle): a model that has become slow is
/// left fast and comes back slowly. How long a failure took says nothing about how long an answer takes: until it has answered again, a model
/// that failed has no latency. Thread-safe.
/// </remarks>
internal sealed class ModelTraffic(TimeProvider time)
{
    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stale = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private int _inFlight;
    private double _seconds;
    private long _lastSeen;
    private bool _isKnown;
    private volatile bool _isFailing;

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Gets whether what ended last was a failure.</summary>
    public bool IsFailing => _isFailing;

    /// <summary>Gets the latency; <see langword="null"/> where nothing was seen for two minutes, or a failure was seen last.</summary>
    public TimeSpan? Latency
    {
        get
        {
            lock (_lock)
                return _isKnown && !_isFailing && time.GetElapsedTime(_lastSeen) < s_stale ? TimeSpan.FromSeconds(_seconds) : null;
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
    public void Answered(long begun)
    {
        lock (_lock)
        {
            _isFailing = false;
            Note(time.GetElapsedTime(begun).TotalSeconds);
        }
    }

    /// <summary>Notes a failure.</summary>
    public void Failed() => _isFailing = true;

    /// <summary>Notes that somebody stopped waiting: an answer would have taken that long at least.</summary>
    public void Left(long begun)
    {
        lock (_lock)
        {
            if (_isKnown && time.GetElapsedTime(begun).TotalSeconds is var seconds && seconds > _seconds)
                Note(seconds);
        }
    }

    private void Note(double seconds)
    {
        var now = time.GetTimestamp();
        var kept = _isKnown ? Math.Exp(-time.GetElapsedTime(_lastSeen, now) / s_memory) : 0;
        // Within one moment a mean over the last few must still move.
        kept = Math.Min(kept, 0.9);
        _seconds = !_isKnown || seconds > _seconds ? seconds : (kept * _seconds) + ((1 - kept) * seconds);
        (_lastSeen, _isKnown) = (now, true);
    }
}
