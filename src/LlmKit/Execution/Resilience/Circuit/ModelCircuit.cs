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
    private readonly Lock _lock = new();
    private readonly TwoCountWindow _window = new(time);
    private CircuitState _state;
    private long _generation = 1;
    private long _changedAt;
    private DateTimeOffset _since = time.GetUtcNow();
    private TimeSpan _break;
    private ModelFailureKind? _reason;
    private int _probesOut;
    private int _probesPassed;

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
            return new(model, _state, _since, _state == CircuitState.Open ? _since + _break : null, _reason);
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
            var elapsed = time.GetElapsedTime(_changedAt);
            if (_state == CircuitState.Open && elapsed < _break)
                return new(default, IsRefused: true, _break - elapsed, Changed: null);
            CircuitState? changed = _state == CircuitState.Open ? CircuitState.HalfOpen : null;
            if (changed is not null || elapsed >= policy.ProbeLease)
                Change(CircuitState.HalfOpen, _reason);
            if (_probesOut + _probesPassed >= policy.HalfOpenProbes)
                return new(default, IsRefused: true, policy.RetryAfterProbes, changed);
            _probesOut++;
            return new(new(_generation), IsRefused: false, default, changed);
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

    private CircuitState? Count(CircuitPolicy policy, CircuitResult result, ModelFailureKind? kind)
    {
        if (result == CircuitResult.None)
            return null;
        var (good, failed) = _window.Add(result == CircuitResult.Failure, policy.SamplingWindow, time.GetTimestamp());
        var total = good + failed;
        if (result == CircuitResult.Success || total < policy.MinimumThroughput || failed < policy.FailureRatio * total)
            return null;
        _break = policy.BreakDuration;
        return Change(CircuitState.Open, kind);
    }

    private CircuitState? EndProbe(CircuitPolicy policy, CircuitResult result, ModelFailureKind? kind)
    {
        _probesOut--;
        if (result == CircuitResult.Failure)
        {
            _break = policy.BreakDuration;
            return Change(CircuitState.Open, kind);
        }

        if (result == CircuitResult.None || ++_probesPassed < policy.HalfOpenProbes)
            return null;
        return Change(CircuitState.Closed, reason: null);
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
