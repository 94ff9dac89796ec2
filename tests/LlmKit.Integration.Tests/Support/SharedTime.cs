namespace LlmKit.Integration.Tests.Support;

/// <summary>One clock for a pipeline and the provider that it asks. It stands still until one of them waits, and then moves to the end of the wait.</summary>
/// <remarks>
/// Limits on time (timers that are set after they were made) that end before a wait does come first: then the wait goes on for ever, as it
/// does for whoever was given up. The pipeline's waits of less than a second are its patience with something that is about to happen: they
/// never run out. No wait ends before <see cref="Release"/>.
/// </remarks>
internal sealed class SharedTime : TimeProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<Timer> _limits = [];
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    public SharedTime() => Provider = new ProviderTime(this);

    /// <summary>Gets the provider's view of the clock: each of its waits is meant.</summary>
    public TimeProvider Provider { get; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    /// <summary>Lets the clock move.</summary>
    public void Release() => _released.TrySetResult();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        dueTime < Patience ? new Timer(this, callback, state) : Wait(callback, state, dueTime);

    private Timer Wait(TimerCallback callback, object? state, TimeSpan length)
    {
        var wait = new Timer(this, callback, state);
        _ = EndAsync(wait, GetUtcNow() + length);
        return wait;
    }

    private async Task EndAsync(Timer wait, DateTimeOffset due)
    {
        await _released.Task;
        await Task.Yield();
        var limits = LimitsUntil(due);
        foreach (var limit in limits)
            Fire(limit, limit.Due);
        if (limits.Count == 0 && !wait.IsDisposed)
            Fire(wait, due);
    }

    private List<Timer> LimitsUntil(DateTimeOffset due)
    {
        lock (_lock)
        {
            var limits = _limits.Where(limit => limit.Due <= due).OrderBy(limit => limit.Due).ToList();
            _limits.RemoveAll(limits.Contains);
            return limits;
        }
    }

    private void Fire(Timer timer, DateTimeOffset at)
    {
        lock (_lock)
            _now = at > _now ? at : _now;
        timer.Fire();
    }

    private sealed class ProviderTime(SharedTime time) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.Wait(callback, state, dueTime);
    }

    private sealed class Timer(SharedTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public bool IsDisposed { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._limits.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time._now + dueTime;
                time._limits.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                IsDisposed = true;
                time._limits.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
