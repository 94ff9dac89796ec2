namespace LlmKit.Soak;

/// <summary>The system's clock, which counts the timers that somebody has set and not yet let go of.</summary>
internal sealed class CountingTime : TimeProvider
{
    private int _set;

    /// <summary>Gets how many timers are set to fire.</summary>
    public int SetTimers => Volatile.Read(ref _set);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new CountedTimer(this, callback, state, dueTime, period);

    private sealed class CountedTimer : ITimer
    {
        private readonly CountingTime _time;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _timer;
        private int _isSet;

        public CountedTimer(CountingTime time, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _time = time;
            _callback = callback;
            _state = state;
            Note(dueTime);
            _timer = System.CreateTimer(static timer => ((CountedTimer)timer!).Fire(), this, dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Note(dueTime);
            return _timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            Note(Timeout.InfiniteTimeSpan);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Note(Timeout.InfiniteTimeSpan);
            return _timer.DisposeAsync();
        }

        private void Fire()
        {
            Note(Timeout.InfiniteTimeSpan);
            _callback(_state);
        }

        private void Note(TimeSpan dueTime)
        {
            var isSet = dueTime == Timeout.InfiniteTimeSpan ? 0 : 1;
            var before = Interlocked.Exchange(ref _isSet, isSet);
            Interlocked.Add(ref _time._set, isSet - before);
        }
    }
}
