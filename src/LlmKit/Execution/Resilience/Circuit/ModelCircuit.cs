using LlmKit.Internal;
using LlmKit.Models;

namespace LlmKit.Execution.Resilience;

/// <summary>One model's circuit breaker: opens when too many attempts fail, and lets a fixed number of probes find out whether the model is back.</summary>
/// <remarks>
/// Thread-safe; a lock is held for a few instructions. Each change of state begins a generation, and results of an earlier one change
/// nothing: what a call that started before the outage reports says nothing about the model now.
/// </remarks>
internal sealed class ModelCircuit(string model, TimeProvider time)
{
    private const long FirstGeneration = 1;

    private readonly Lock _lock = new();
    private readonly TwoCountWindow _window = new(time);
    private CircuitState _state;
    private long _generation = FirstGeneration;
    private long _changedAt;
    private DateTimeOffset _since = time.GetUtcNow();
    private TimeSpan _break;
    private ModelFailureKind? _reason;
    private long _lastProbeAt;
    private int _probesOut;
    private int _probesPassed;
    private bool _isObserved;

    /// <summary>Gets how many probes have a permit that they have not given back.</summary>
    public int ProbesOut
    {
        get
        {
            lock (_lock)
                return _probesOut;
        }
    }

    public CircuitSnapshot Snapshot()
    {
        lock (_lock)
        {
            var (good, failed) = _window.Read();
            return new(model, _state, _since, _state == CircuitState.Open ? _since + _break : null, _reason)
            {
                IsObserved = _isObserved,
                RecentAttempts = good + failed,
                RecentFailures = failed,
            };
        }
    }

    /// <summary>Closes a circuit whose breaker was switched off while it was not closed.</summary>
    /// <returns>Whether it did.</returns>
    public bool SwitchOff()
    {
        if (Volatile.Read(ref _generation) == FirstGeneration)
            return false;
        lock (_lock)
            return _state != CircuitState.Closed && Change(CircuitState.Closed, reason: null) == CircuitState.Closed;
    }

    /// <summary>Gives how long an open circuit still refuses, or zero.</summary>
    public TimeSpan RefusesFor()
    {
        lock (_lock)
            return _state == CircuitState.Open && time.GetElapsedTime(_changedAt) is var elapsed && elapsed < _break ? _break - elapsed : TimeSpan.Zero;
    }

    public CircuitEntry Enter(CircuitPolicy policy)
    {
        lock (_lock)
        {
            if (_state == CircuitState.Closed)
                return new(new(_generation), IsRefused: false, default, Changed: null);
            _isObserved = policy.ObserveOnly;
            var now = time.GetTimestamp();
            if (_state == CircuitState.Open && time.GetElapsedTime(_changedAt, now) is var elapsed && elapsed < _break)
                return new(default, IsRefused: true, _break - elapsed, Changed: null);
            return EnterHalfOpen(policy, now);
        }
    }

    /// <summary>Takes an attempt's result, once for each permit.</summary>
    /// <returns>The state that the result brought about, or <see langword="null"/>.</returns>
    public CircuitState? Report(CircuitPermit permit, CircuitPolicy policy, CircuitResult result, ModelFailureKind? kind)
    {
        lock (_lock)
        {
            if (permit.Generation != _generation)
                return null;
            return _state == CircuitState.Closed ? Count(policy, result, kind) : EndProbe(policy, result, kind);
        }
    }

    private CircuitEntry EnterHalfOpen(CircuitPolicy policy, long now)
    {
        CircuitState? changed = _state == CircuitState.Open ? Change(CircuitState.HalfOpen, _reason) : null;
        // A reload may ask for fewer probes than have passed since.
        if (_probesPassed >= policy.HalfOpenProbes)
        {
            changed = Change(CircuitState.Closed, reason: null);
            return new(new(_generation), IsRefused: false, default, changed);
        }

        if (_probesOut > 0 && time.GetElapsedTime(_lastProbeAt, now) >= policy.ProbeLease)
            LoseProbes();
        if (_probesOut + _probesPassed >= policy.HalfOpenProbes)
            return new(default, IsRefused: true, policy.RetryAfterProbes, changed);
        _probesOut++;
        _lastProbeAt = now;
        return new(new(_generation), IsRefused: false, default, changed);
    }

    /// <summary>Gives up on the probes that are out: should their results come after all, they are void.</summary>
    private void LoseProbes()
    {
        _generation++;
        _probesOut = 0;
    }

    private CircuitState? Count(CircuitPolicy policy, CircuitResult result, ModelFailureKind? kind)
    {
        if (result == CircuitResult.None)
            return null;
        var (good, failed) = _window.Add(result == CircuitResult.Failure, policy.SamplingWindow, time.GetTimestamp());
        var total = good + failed;
        if (result == CircuitResult.Success || total < policy.MinimumThroughput || failed < policy.FailureRatio * total)
            return null;
        return Open(policy, kind);
    }

    private CircuitState? EndProbe(CircuitPolicy policy, CircuitResult result, ModelFailureKind? kind)
    {
        _probesOut--;
        if (result == CircuitResult.Failure)
            return Open(policy, kind);
        if (result == CircuitResult.None || ++_probesPassed < policy.HalfOpenProbes)
            return null;
        return Change(CircuitState.Closed, reason: null);
    }

    private CircuitState Open(CircuitPolicy policy, ModelFailureKind? kind)
    {
        _break = policy.BreakDuration;
        _isObserved = policy.ObserveOnly;
        return Change(CircuitState.Open, kind);
    }

    private CircuitState Change(CircuitState state, ModelFailureKind? reason)
    {
        _state = state;
        _reason = reason;
        _generation++;
        _since = time.GetUtcNow();
        _changedAt = time.GetTimestamp();
        _probesOut = 0;
        _probesPassed = 0;
        _window.Clear();
        return state;
    }
}
