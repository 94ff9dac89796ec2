using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Execution.Resilience;

/// <summary>Watches over one attempt: its token, the limit on time that runs, its permit from the circuit. Ended exactly once.</summary>
/// <remarks>
/// Its timer and token source outlive a good attempt and serve the next one, so that an attempt which goes well allocates neither.
/// The timer may fire early, or for nobody: what counts is the clock, read when it does. So a limit that is started for each update of
/// a stream costs a look at the clock, takes no lock and hardly ever changes the timer.
/// </remarks>
internal sealed class AttemptGuard(ResilientModel model) : IAttemptClock, IDisposable
{
    private const long NotDue = long.MaxValue;
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromMilliseconds(1);

    private readonly CancellationTokenSource _source = new();
    private readonly Lock _lock = new();
    private readonly double _timestampsPerTick = model.Time.TimestampFrequency / (double)TimeSpan.TicksPerSecond;
    private ITimer? _timer;
    private CancellationTokenRegistration _registration;
    private CancellationToken _callerToken;
    private ResilienceRun? _run;
    private LlmCall? _call;
    private CircuitPolicy? _circuit;
    private CircuitPermit _permit;
    private int _number;
    private long? _sent;
    private TimeLimit _limit;
    private TimeSpan _length;
    private long _due = NotDue;
    private long _firesAt = NotDue;
    private bool _expired;
    private int _ended;

    public CancellationToken Token => _source.Token;

    /// <summary>Gets whether a limit has expired. Once the clock has stopped, the lock lets a limit that expires at that moment be seen.</summary>
    private bool HasExpired
    {
        get
        {
            lock (_lock)
                return _expired;
        }
    }

    /// <summary>Begins an attempt: no clock runs yet.</summary>
    public void Begin(LlmCall call, CircuitPolicy? circuit, CircuitPermit permit, int number, CancellationToken callerToken, ResilienceRun? run = null)
    {
        _run = run;
        _call = call;
        _circuit = circuit;
        _permit = permit;
        _number = number;
        _sent = null;
        _callerToken = callerToken;
        Volatile.Write(ref _ended, 0);
        _registration = callerToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Puts the clock back: what the attempt waits for now is not the model's time.</summary>
    public void Waiting()
    {
        if (Volatile.Read(ref _ended) != 0)
            return;
        _sent = null;
        _run?.StartWaiting(this, model.Time.GetTimestamp());
    }

    /// <summary>Starts the clock: what the attempt waited for until now was not the model's time.</summary>
    public void Sending(long timestamp)
    {
        if (Volatile.Read(ref _ended) != 0)
            return;
        _sent = timestamp;
        _run?.StartClock(this, timestamp);
    }

    /// <summary>Starts the clock of a limit, in the place of any other.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="length">Its whole length, for the report.</param>
    /// <param name="left">What remains of it.</param>
    /// <param name="timestamp">When that remains.</param>
    public void Start(TimeLimit limit, TimeSpan length, TimeSpan left, long timestamp)
    {
        _limit = limit;
        _length = length;
        var due = timestamp + (long)(left.Ticks * _timestampsPerTick);
        // Either the timer, should it fire at this moment, sees the new time, or this sees that the timer has fired.
        Interlocked.Exchange(ref _due, due);
        if (left <= TimeSpan.Zero)
            OnTimer();
        else if (due < Volatile.Read(ref _firesAt))
            Schedule(timestamp, due);
    }

    /// <summary>Stops the clock: what it was for has happened.</summary>
    public void Stop() => Volatile.Write(ref _due, NotDue);

    /// <summary>Ends an attempt that gave its answer.</summary>
    public void Succeed()
    {
        if (!End(CircuitResult.Success, kind: null))
            return;
        // A cancellation that is on its way must not reach the next attempt.
        var isQuiet = !_callerToken.CanBeCanceled || _registration.Unregister();
        (_run, _call) = (null, null);
        if (!isQuiet || HasExpired || !_source.TryReset() || !model.TryKeep(this))
            Dispose();
    }

    /// <summary>Ends an attempt that failed.</summary>
    /// <returns>What to tell the caller: the exception itself, or the limit on time that brought it about.</returns>
    public Exception Fail(Exception exception)
    {
        var outcome = Explain(exception);
        var failure = outcome is AttemptRefusedException ? null : outcome.GetModelFailure();
        var counts = failure is { IsTransient: true } && (outcome is LlmTimeoutException ? _sent is not null : !_callerToken.IsCancellationRequested || UsedUpTheCall());
        if (!End(counts ? CircuitResult.Failure : CircuitResult.None, failure?.Kind))
            return exception;
        Dispose();
        return outcome;
    }

    /// <summary>Ends an attempt whose answer nobody reads any more; a probe gives its permit back.</summary>
    public void Leave()
    {
        if (!End(CircuitResult.None, kind: null))
            return;
        Cancel();
        Dispose();
    }

    /// <summary>Gives the permit of an attempt back whose reader was collected; the token is left alone, because what listens to it may be gone.</summary>
    public void Lose()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        _registration.Unregister();
        model.Report(_call!, _permit, _circuit, _number, CircuitResult.None, kind: null);
    }

    /// <summary>Lets go of the timer and the caller's token. The token source holds nothing, and a deaf upstream may still look at it.</summary>
    public void Dispose()
    {
        _registration.Unregister();
        _timer?.Dispose();
    }

    private bool End(CircuitResult result, ModelFailureKind? kind)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return false;
        Stop();
        model.Report(_call!, _permit, _circuit, _number, result, kind);
        return true;
    }

    private Exception Explain(Exception exception)
    {
        // An upstream whose token was cancelled may end with whatever it likes; a failure of another kind was there before the limit.
        if (exception is AttemptRefusedException
            || (exception.GetModelFailure() is { Kind: not (ModelFailureKind.Cancelled or ModelFailureKind.Timeout or ModelFailureKind.Transient or ModelFailureKind.Unknown) }))
        {
            return exception;
        }

        if (_expired)
        {
            NoteTimeout(_limit, _length);
            return new LlmTimeoutException(_limit, _length, model.Name, exception);
        }

        if (_sent is not null && exception is OperationCanceledException && _call!.Remaining == TimeSpan.Zero)
            NoteTimeout(TimeLimit.Deadline, _call.TimeLimit);
        return exception;
    }

    private void NoteTimeout(TimeLimit limit, TimeSpan? length)
    {
        _call!.AddStep(new ResilienceStep("timeout", model.Name, _number, $"{limit} passed") { Kind = ModelFailureKind.Timeout, Limit = limit, After = length });
        ResilienceTelemetry.TimedOut(model.Name, limit);
    }

    /// <summary>Whether the call ran into the time that the pipeline declares, and spent most of it on this attempt. A caller's own, shorter
    /// deadline says nothing of the model.</summary>
    private bool UsedUpTheCall() => _sent is { } sent && _call is { Remaining: { Ticks: 0 }, DeclaredLatency: { } declared }
        && model.Time.GetElapsedTime(sent) >= declared / 2;

    /// <summary>Sets the timer for a moment, unless it fires before.</summary>
    private void Schedule(long now, long due)
    {
        lock (_lock)
        {
            if (due >= _firesAt)
                return;
            var left = new TimeSpan((long)Math.Ceiling((due - now) / _timestampsPerTick));
            if (left < ShortestTimer)
                left = ShortestTimer;
            Volatile.Write(ref _firesAt, due);
            _timer ??= model.Time.CreateTimer(static guard => ((AttemptGuard)guard!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        if (TakeExpired() is not { } call)
            return;
        call.NoteExpired(_source.Token);
        Cancel();
    }

    /// <summary>Ends the limit that has expired and gives its call; <see langword="null"/> when there is none, or not yet.</summary>
    private LlmCall? TakeExpired()
    {
        lock (_lock)
        {
            _firesAt = NotDue;
            Interlocked.MemoryBarrier();
            long due;
            do
            {
                due = Volatile.Read(ref _due);
                var now = model.Time.GetTimestamp();
                if (due > now)
                {
                    if (due != NotDue)
                        Schedule(now, due);
                    return null;
                }
            }
            while (Interlocked.CompareExchange(ref _due, NotDue, due) != due);
            _expired = true;
            return _call;
        }
    }

    private void Cancel()
    {
        try
        {
            _source.Cancel();
        }
        catch (AggregateException)
        {
            // What listens to a token may throw; on the timer's thread that would end the process, elsewhere it would hide why the attempt ends.
        }
    }
}
