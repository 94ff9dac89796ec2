using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Execution.Resilience;

/// <summary>Watches over one attempt: its token, the limit on time that runs, its permit from the circuit. Ended exactly once.</summary>
/// <remarks>
/// Its timer and token source outlive a good attempt and serve the next one, so that an attempt which goes well allocates neither.
/// A timer of an earlier use may still fire: what counts is the clock, read when it does.
/// </remarks>
internal sealed class AttemptGuard(ResilientModel model) : IDisposable
{
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromMilliseconds(1);

    private readonly CancellationTokenSource _source = new();
    private readonly Lock _lock = new();
    private ITimer? _timer;
    private CancellationTokenRegistration _registration;
    private CancellationToken _callerToken;
    private LlmCall? _call;
    private CircuitPolicy? _circuit;
    private CircuitPermit _permit;
    private int _number;
    private TimeLimit _limit;
    private TimeSpan _length;
    private TimeSpan _left;
    private long _startedAt;
    private bool _armed;
    private bool _expired;
    private int _ended;

    public CancellationToken Token => _source.Token;

    public void Begin(LlmCall call, CircuitPolicy? circuit, CircuitPermit permit, int number, CancellationToken callerToken)
    {
        _call = call;
        _circuit = circuit;
        _permit = permit;
        _number = number;
        _callerToken = callerToken;
        Volatile.Write(ref _ended, 0);
        _registration = callerToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>Starts the clock of a limit, in the place of any other.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="length">Its whole length, for the report.</param>
    /// <param name="left">What remains of it.</param>
    public void Start(TimeLimit limit, TimeSpan length, TimeSpan left)
    {
        lock (_lock)
        {
            _limit = limit;
            _length = length;
            _left = left;
            _startedAt = model.Time.GetTimestamp();
            _armed = true;
            _timer ??= model.Time.CreateTimer(static guard => ((AttemptGuard)guard!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(left > ShortestTimer ? left : ShortestTimer, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Stops the clock: what it was for has happened.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (!_armed)
                return;
            _armed = false;
            _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends an attempt that gave its answer.</summary>
    public void Succeed()
    {
        if (!End(CircuitResult.Success, kind: null))
            return;
        if (!_expired && _source.TryReset() && model.TryKeep(this))
            return;
        Dispose();
    }

    /// <summary>Ends an attempt that failed.</summary>
    /// <returns>What to tell the caller: the exception itself, or the limit on time that brought it about.</returns>
    public Exception Fail(Exception exception)
    {
        var outcome = Explain(exception);
        var failure = outcome is AttemptRefusedException ? null : outcome.GetModelFailure();
        var counts = failure is { IsTransient: true } && (outcome is LlmTimeoutException || !_callerToken.IsCancellationRequested);
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

    public void Dispose()
    {
        _timer?.Dispose();
        _source.Dispose();
    }

    private bool End(CircuitResult result, ModelFailureKind? kind)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return false;
        Stop();
        _registration.Dispose();
        model.Report(_call!, _permit, _circuit, _number, result, kind);
        return true;
    }

    private Exception Explain(Exception exception)
    {
        // An upstream whose token was cancelled may end with whatever it likes; a failure of another kind was there before the limit.
        if (!_expired || exception is AttemptRefusedException
            || (exception.GetModelFailure() is { Kind: not (ModelFailureKind.Cancelled or ModelFailureKind.Timeout or ModelFailureKind.Transient or ModelFailureKind.Unknown) }))
        {
            return exception;
        }

        _call!.AddStep(new ResilienceStep("timeout", model.Name, _number) { Kind = ModelFailureKind.Timeout, Limit = _limit, Wait = _length });
        ResilienceTelemetry.TimedOut(model.Name, _limit);
        return new LlmTimeoutException(_limit, _length, model.Name, exception);
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (!_armed)
                return;
            var left = _left - model.Time.GetElapsedTime(_startedAt);
            if (left > TimeSpan.Zero)
            {
                _timer!.Change(left > ShortestTimer ? left : ShortestTimer, Timeout.InfiniteTimeSpan);
                return;
            }

            _armed = false;
            _expired = true;
        }

        _call!.NoteExpired(_source.Token);
        Cancel();
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
