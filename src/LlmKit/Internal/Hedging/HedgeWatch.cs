using System.Threading.Tasks.Sources;

namespace LlmKit.Internal.Hedging;

/// <summary>The token of one attempt, and the wait for its end or for the moment when it is slow, whichever is first.</summary>
/// <remarks>
/// Its timer and token source outlive an attempt that goes well and serve the next one, so that a hedge which is not made allocates
/// neither. Nor does it change the timer: that goes on, and may fire early, or for an attempt that is over. What counts is the clock, read
/// when it does.
/// </remarks>
internal sealed class HedgeWatch : IValueTaskSource<bool>, IDisposable
{
    private const long NotSet = long.MaxValue;
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromMilliseconds(1);

    private readonly HedgeTraffic _traffic;
    private readonly long _epoch;
    private readonly CancellationTokenSource _source = new();
    private readonly Lock _lock = new();
    private readonly Action _ended;
    private ManualResetValueTaskSourceCore<bool> _core;
    private CancellationTokenRegistration _registration;
    private CancellationToken _callerToken;
    private ITimer? _timer;
    private long _due;
    private long _firesAt = NotSet;
    private bool _waiting;
    private bool _isSpent;

    public HedgeWatch(HedgeTraffic traffic)
    {
        _traffic = traffic;
        _epoch = traffic.Time.GetTimestamp();
        _ended = OnEnded;
    }

    public CancellationToken Token => _source.Token;

    public void Begin(CancellationToken callerToken)
    {
        _callerToken = callerToken;
        _registration = callerToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Waits for the attempt's end, but no longer than a time from its start; throws nothing. Once for each attempt.</summary>
    public ValueTask<bool> EndsWithinAsync(Task attempt, TimeSpan delay, long started)
    {
        if (attempt.IsCompleted || delay <= TimeSpan.Zero)
            return new(attempt.IsCompleted);
        lock (_lock)
        {
            _core.Reset();
            _due = (_traffic.Time.GetElapsedTime(_epoch, started) + delay).Ticks;
            _waiting = true;
            if (_due < _firesAt)
                Schedule(delay);
        }

        attempt.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_ended);
        return new(this, _core.Version);
    }

    /// <summary>Lets go of an attempt that has ended.</summary>
    public void End()
    {
        // A cancellation that is on its way must not reach the next attempt, nor may the end of one that was not waited for.
        var isQuiet = !_callerToken.CanBeCanceled || _registration.Unregister();
        if (!isQuiet || _isSpent || !_source.TryReset() || !_traffic.TryKeep(this))
            Dispose();
    }

    /// <summary>Lets go of the timer. The token source holds nothing, and a deaf upstream may still look at it.</summary>
    public void Dispose() => _timer?.Dispose();

    /// <summary>Cancels an attempt. What listens to its token runs elsewhere, and may throw: nobody here waits for it.</summary>
    public async ValueTask CancelAsync()
    {
        _isSpent = true;
        await _source.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Schedule(TimeSpan left)
    {
        _timer ??= _traffic.Time.CreateTimer(static watch => ((HedgeWatch)watch!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _firesAt = _due;
        _timer.Change(left < ShortestTimer ? ShortestTimer : left, Timeout.InfiniteTimeSpan);
    }

    private void OnEnded()
    {
        lock (_lock)
        {
            if (!_waiting)
                return;
            _waiting = false;
        }

        _core.SetResult(true);
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            _firesAt = NotSet;
            if (!_waiting)
                return;
            var left = new TimeSpan(_due) - _traffic.Time.GetElapsedTime(_epoch);
            if (left > TimeSpan.Zero)
            {
                Schedule(left);
                return;
            }

            _waiting = false;
            _isSpent = true;
        }

        _core.SetResult(false);
    }
}
