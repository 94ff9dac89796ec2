using LlmKit.Execution.Resilience;
using LlmKit.Models;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Resilience;

public class ModelCircuitTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly CircuitPolicy Policy = new(0.5, MinimumThroughput: 4, 30 * Second, 15 * Second, HalfOpenProbes: 1, ObserveOnly: false);
    private readonly ManualTimeProvider _clock = new();
    private readonly ModelCircuit _circuit;

    public ModelCircuitTests() => _circuit = new("m", _clock);

    [Test]
    public void Report_TooFewAttempts_StaysClosed()
    {
        Run(CircuitResult.Failure, 3);

        Assert.That(_circuit.Snapshot().State, Is.EqualTo(CircuitState.Closed));
    }

    [TestCase(2, 2, CircuitState.Open)]
    [TestCase(3, 2, CircuitState.Closed)]
    public void Report_Ratio_DecidesOnTheLastFailure(int successes, int failures, CircuitState state)
    {
        Run(CircuitResult.Success, successes);
        Run(CircuitResult.Failure, failures);

        Assert.That(_circuit.Snapshot().State, Is.EqualTo(state));
    }

    [Test]
    public void Report_FailuresOutsideTheWindow_AreForgotten()
    {
        Run(CircuitResult.Failure, 3);
        _clock.Advance(31 * Second);
        Run(CircuitResult.Failure, 3);

        Assert.That(_circuit.Snapshot().State, Is.EqualTo(CircuitState.Closed));
    }

    [Test]
    public void Report_FailuresSpreadOverTheWindow_AreCounted()
    {
        for (var i = 0; i < 4; i++)
        {
            Run(CircuitResult.Failure);
            _clock.Advance(8 * Second);
        }

        Assert.That(_circuit.Snapshot().State, Is.EqualTo(CircuitState.Open));
    }

    [Test]
    public void Report_AttemptsThatSayNothing_AreNotCounted()
    {
        Run(CircuitResult.None, 100);
        Run(CircuitResult.Failure, 3);

        Assert.That(_circuit.Snapshot().State, Is.EqualTo(CircuitState.Closed));
    }

    [Test]
    public void Enter_Open_IsRefusedWithTheTimeLeft()
    {
        Open();
        _clock.Advance(5 * Second);

        var entry = _circuit.Enter(Policy);

        Assert.That(entry.IsRefused);
        Assert.That(entry.RetryAfter, Is.EqualTo(10 * Second));
    }

    [Test]
    public void Snapshot_Open_TellsSinceUntilAndWhy()
    {
        var opened = _clock.GetUtcNow();

        Open();

        Assert.That(_circuit.Snapshot(), Is.EqualTo(new CircuitSnapshot("m", CircuitState.Open, opened, opened + 15 * Second, ModelFailureKind.Overloaded)));
    }

    [Test]
    public void Enter_HalfOpenAndManyCallers_ExactlyTheProbesPass([Values(1, 3)] int probes)
    {
        Open();
        _clock.Advance(15 * Second);
        var passed = 0;

        Parallel.For(0, 50, _ =>
        {
            if (!_circuit.Enter(Policy with { HalfOpenProbes = probes }).IsRefused)
                Interlocked.Increment(ref passed);
        });

        Assert.That(passed, Is.EqualTo(probes));
    }

    [Test]
    public void Report_AllProbesSucceed_ClosesAndForgets()
    {
        Open();
        var policy = Policy with { HalfOpenProbes = 2 };
        _clock.Advance(15 * Second);
        var probes = new[] { _circuit.Enter(policy).Permit, _circuit.Enter(policy).Permit };

        var afterOne = _circuit.Report(probes[0], policy, CircuitResult.Success, null);
        var afterTwo = _circuit.Report(probes[1], policy, CircuitResult.Success, null);

        Assert.That(afterOne, Is.Null);
        Assert.That(afterTwo, Is.EqualTo(CircuitState.Closed));
        Run(CircuitResult.Failure, 3);
        Assert.That(_circuit.Snapshot().State, Is.EqualTo(CircuitState.Closed), "the failures before the outage are forgotten");
    }

    [Test]
    public void Report_ProbeFails_OpensForAnotherBreak()
    {
        Open();
        _clock.Advance(15 * Second);
        _circuit.Report(_circuit.Enter(Policy).Permit, Policy, CircuitResult.Failure, ModelFailureKind.Timeout);

        Assert.That(_circuit.Enter(Policy).RetryAfter, Is.EqualTo(15 * Second));
        Assert.That(_circuit.Snapshot().Reason, Is.EqualTo(ModelFailureKind.Timeout));
    }

    [Test]
    public void Report_ProbeSaysNothing_GivesItsPermitBack()
    {
        Open();
        _clock.Advance(15 * Second);

        for (var i = 0; i < 5; i++)
            Run(CircuitResult.None);

        Assert.That(_circuit.Enter(Policy).IsRefused, Is.False);
        Assert.That(_circuit.Enter(Policy).IsRefused, Is.True);
    }

    [Test]
    public void Report_ResultFromBeforeTheChange_ChangesNothing([Values] bool succeeded)
    {
        var old = Enumerable.Range(0, 10).Select(_ => _circuit.Enter(Policy).Permit).ToArray();
        Open();
        _clock.Advance(15 * Second);
        var probe = _circuit.Enter(Policy).Permit;

        foreach (var permit in old)
            Assert.That(_circuit.Report(permit, Policy, succeeded ? CircuitResult.Success : CircuitResult.Failure, ModelFailureKind.Timeout), Is.Null);

        Assert.That(_circuit.Snapshot().State, Is.EqualTo(CircuitState.HalfOpen));
        Assert.That(_circuit.Enter(Policy).IsRefused, "the probe's place is still taken");
        _circuit.Report(probe, Policy, CircuitResult.Success, null);
        foreach (var permit in old)
            _circuit.Report(permit, Policy, CircuitResult.Failure, ModelFailureKind.Timeout);
        Assert.That(_circuit.Snapshot().State, Is.EqualTo(CircuitState.Closed));
    }

    [Test]
    public void Enter_ProbeNeverEnds_AnotherMayGoAfterItsLease()
    {
        Open();
        _clock.Advance(15 * Second);
        var lost = _circuit.Enter(Policy).Permit;

        _clock.Advance(Policy.ProbeLease);

        Assert.That(_circuit.Enter(Policy).IsRefused, Is.False);
        Assert.That(_circuit.Enter(Policy).IsRefused, Is.True);
        Assert.That(_circuit.Report(lost, Policy, CircuitResult.Failure, ModelFailureKind.Timeout), Is.Null);
    }

    private void Open() => Run(CircuitResult.Failure, 4);

    private void Run(CircuitResult result, int times = 1)
    {
        for (var i = 0; i < times; i++)
            _circuit.Report(_circuit.Enter(Policy).Permit, Policy, result, result == CircuitResult.Failure ? ModelFailureKind.Overloaded : null);
    }

    [Test]
    public void Enter_ProbesLostOneAfterTheOther_NeverLetsTwoOutAtOnce()
    {
        Run(CircuitResult.Failure, 4);
        _clock.Advance(15 * Second);
        var first = _circuit.Enter(Policy);
        _circuit.Report(first.Permit, Policy, CircuitResult.None, kind: null);
        _clock.Advance(Policy.ProbeLease - Second);
        var second = _circuit.Enter(Policy);
        Assert.That((first.IsRefused, second.IsRefused), Is.EqualTo((false, false)));

        _clock.Advance(2 * Second);

        Assert.That(_circuit.Enter(Policy).IsRefused, "the second probe has had two seconds of its lease");
        Assert.That(_circuit.Report(second.Permit, Policy, CircuitResult.Success, kind: null), Is.EqualTo(CircuitState.Closed));
    }

    [Test]
    public void Enter_ProbesSlowToCome_AllCount()
    {
        var three = Policy with { HalfOpenProbes = 3 };
        Run(CircuitResult.Failure, 4);
        _clock.Advance(15 * Second);

        for (var i = 0; i < 3; i++)
        {
            _circuit.Report(_circuit.Enter(three).Permit, three, CircuitResult.Success, kind: null);
            _clock.Advance(Policy.ProbeLease);
        }

        Assert.That(_circuit.Snapshot().State, Is.EqualTo(CircuitState.Closed));
    }

    [Test]
    public void Enter_FewerProbesWantedThanHavePassed_Closes()
    {
        var three = Policy with { HalfOpenProbes = 3 };
        Run(CircuitResult.Failure, 4);
        _clock.Advance(15 * Second);
        _circuit.Report(_circuit.Enter(three).Permit, three, CircuitResult.Success, kind: null);

        var entry = _circuit.Enter(Policy);

        Assert.That((entry.IsRefused, entry.Changed), Is.EqualTo((false, (CircuitState?)CircuitState.Closed)));
    }
}
