using LlmKit.Internal.RateLimiting;
using LlmKit.Internal.RateLimiting.Accounts;
using LlmKit.Internal.RateLimiting.Waiting;
using NUnit.Framework;

namespace LlmKit.Tests.Internal.RateLimiting;

/// <summary>Who waits, in which order they go, and that nobody leaves a trace.</summary>
public sealed class RateLimiterQueueTests
{
    private readonly RateRig _rig = new();

    [TearDown]
    public void End()
    {
        _rig.Dispose();
        Assert.That(_rig.Limiter.Waiting, Is.Zero);
        Assert.That(_rig.Clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public void Acquire_AFullLimit_WaitsUntilThereIsRoom()
    {
        var rule = RateRig.Rule(requests: 60, queue: 5);
        _rig.CountPassing(RateRig.Rule(requests: 60));

        var waiter = Wait(rule);
        _rig.Clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.That(HasEnded(waiter), Is.False);
        _rig.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(EndOf(waiter).Permit, Is.Not.Null);
    }

    [Test]
    public void Acquire_ManyWaiters_AllGetTheirTurn()
    {
        var rule = RateRig.Rule(concurrent: 1, queue: 50);
        var permit = _rig.Acquire(RateRig.Request(rule)).Permit!;
        var waiters = Enumerable.Range(0, 50).Select(_ => Wait(rule)).ToList();

        foreach (var waiter in waiters)
        {
            permit.Settle(default);
            permit = EndOf(waiter).Permit!;
        }

        Assert.That(_rig.Acquire(RateRig.Request(rule)).Permit, Is.Null);
        permit.Settle(default);
    }

    [Test]
    public void Acquire_MoreThanMayWait_IsRefused()
    {
        var rule = RateRig.Rule(concurrent: 1, queue: 2);
        _rig.Acquire(RateRig.Request(rule));
        Wait(rule);
        Wait(rule);

        Assert.That(_rig.Acquire(RateRig.Request(rule)).Refusal!.Cause, Is.EqualTo(RateRefusalCause.QueueFull));
    }

    [Test]
    public void Acquire_MoreUrgentThanTheLastOfAFullQueue_TakesItsPlace()
    {
        var rule = RateRig.Rule(concurrent: 1, queue: 1);
        var permit = _rig.Acquire(RateRig.Request(rule)).Permit!;
        var last = Wait(rule, LlmPriority.Background);

        var urgent = Wait(rule, LlmPriority.Interactive);
        permit.Settle(default);

        Assert.That(EndOf(last).Refusal!.Cause, Is.EqualTo(RateRefusalCause.QueueFull));
        Assert.That(EndOf(urgent).Permit, Is.Not.Null);
    }

    [Test]
    public void Acquire_Priorities_GoFirstUntilOthersHaveAged()
    {
        var rule = RateRig.Rule(concurrent: 1, queue: 9);
        var permit = _rig.Acquire(RateRig.Request(rule)).Permit!;
        var background = Wait(rule, LlmPriority.Background);
        var normal = Wait(rule);
        _rig.Clock.Advance(TimeSpan.FromSeconds(4));
        var early = Wait(rule, LlmPriority.Interactive);
        _rig.Clock.Advance(TimeSpan.FromSeconds(2));
        var late = Wait(rule, LlmPriority.Interactive);

        foreach (var next in new[] { early, normal, late, background })
        {
            permit.Settle(default);
            permit = EndOf(next).Permit!;
        }
    }

    [Test]
    public void Acquire_ASmallRequest_DoesNotOvertakeALargeOneThatWaits()
    {
        var rule = RateRig.Rule(tokens: 100, queue: 9);
        _rig.Acquire(RateRig.Request(rule, input: 95));
        var large = Wait(rule, input: 10);

        var small = Wait(rule, input: 1);
        _rig.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.That(EndOf(large).Permit, Is.Not.Null);
        Assert.That(HasEnded(small), Is.False);
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(EndOf(small).Permit, Is.Not.Null);
    }

    [Test]
    public void Acquire_AWaitThatIsTooLong_IsRefusedAtOnce()
    {
        var rule = RateRig.Rule(requests: 1, queue: 9);
        _rig.Acquire(RateRig.Request(rule));

        var refusal = _rig.Acquire(RateRig.Request(rule)).Refusal!;

        Assert.That(refusal.Cause, Is.EqualTo(RateRefusalCause.TooLong));
        Assert.That(refusal.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [TestCase(3)]
    [TestCase(null)]
    public void Acquire_NoRoomInTime_GivesUp(int? patience)
    {
        var rule = RateRig.Rule(concurrent: 1, queue: 9);
        _rig.Acquire(RateRig.Request(rule));
        var waiter = _rig.Acquire(RateRig.Request(rule, patience: patience is { } seconds ? TimeSpan.FromSeconds(seconds) : null)).Waiter!;

        _rig.Clock.Advance(TimeSpan.FromSeconds(patience ?? 10) - TimeSpan.FromMilliseconds(1));
        Assert.That(HasEnded(waiter), Is.False);
        _rig.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(EndOf(waiter).Refusal!.Cause, Is.EqualTo(RateRefusalCause.TooLong));
    }

    [Test]
    public async Task Acquire_CancelledWhileItWaits_LeavesItsPlaceToTheNext()
    {
        var rule = RateRig.Rule(tokens: 100, queue: 9);
        _rig.Acquire(RateRig.Request(rule, input: 95));
        using var cancel = new CancellationTokenSource();
        var large = _rig.Acquire(RateRig.Request(rule, input: 11)).Waiter!.WaitAsync(cancel.Token).AsTask();
        var small = Wait(rule, input: 5);

        await cancel.CancelAsync();

        Assert.That(async () => await large, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(EndOf(small).Permit, Is.Not.Null);
    }

    [Test]
    public void Acquire_WaitsAtOneLimitAndThenFindsAnotherFull_WaitsThere()
    {
        var (first, second) = (RateRig.Rule("first", concurrent: 1, queue: 9), RateRig.Rule("second", concurrent: 1, queue: 9));
        var (one, two) = (_rig.Acquire(RateRig.Request(first)).Permit!, default(RatePermit));
        var waiter = _rig.Acquire(RateRig.Request(first, second)).Waiter!;
        two = _rig.Acquire(RateRig.Request(second)).Permit!;

        one.Settle(default);
        Assert.That(HasEnded(waiter), Is.False);
        two.Settle(default);

        Assert.That(EndOf(waiter).Permit, Is.Not.Null);
    }

    [Test]
    public void Dispose_WhileSomebodyWaits_EndsTheWait()
    {
        var rule = RateRig.Rule(concurrent: 1, queue: 9);
        _rig.Acquire(RateRig.Request(rule));
        var waiter = Wait(rule);

        _rig.Limiter.Dispose();

        Assert.That(() => EndOf(waiter), Throws.InstanceOf<ObjectDisposedException>());
    }

    private static bool HasEnded(RateWaiter waiter) => waiter.At is null;

    private static RateOutcome EndOf(RateWaiter waiter)
    {
        Assert.That(HasEnded(waiter), Is.True, "It still waits.");
        return waiter.WaitAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    private RateWaiter Wait(RateRule rule, LlmPriority priority = LlmPriority.Normal, long input = 0)
    {
        var outcome = _rig.Acquire(RateRig.Request(rule, input, priority: priority));
        Assert.That(outcome.Waiter, Is.Not.Null, "It does not wait.");
        return outcome.Waiter!;
    }
}
