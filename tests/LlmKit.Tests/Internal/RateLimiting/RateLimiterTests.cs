using LlmKit.Internal.RateLimiting;
using NUnit.Framework;

namespace LlmKit.Tests.Internal.RateLimiting;

/// <summary>What passes at once, what comes back, and that limits do not take from each other.</summary>
public sealed class RateLimiterTests
{
    private readonly RateRig _rig = new();

    [TearDown]
    public void End() => _rig.Dispose();

    [Test]
    public void Acquire_AWindowsAmount_PassesAtOnceAndComesBackEvenly()
    {
        var rule = RateRig.Rule(requests: 60);

        Assert.That(_rig.CountPassing(rule), Is.EqualTo(60));
        _rig.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(_rig.CountPassing(rule), Is.EqualTo(10));
        _rig.Clock.Advance(TimeSpan.FromDays(2));
        Assert.That(_rig.CountPassing(rule), Is.EqualTo(60));
    }

    [Test]
    public void Acquire_ABurst_IsAPartOfTheWindowsAmount()
    {
        var rule = RateRig.Rule(requests: 60, burst: 0.1);

        Assert.That(_rig.CountPassing(rule), Is.EqualTo(6));
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_rig.CountPassing(rule), Is.EqualTo(1));
    }

    [Test]
    public void Acquire_AskedManyTimesAMillisecond_LosesNothingOfTheRate()
    {
        var rule = RateRig.Rule(tokens: 90_000);
        _rig.Acquire(RateRig.Request(rule, input: 90_000));

        var passed = 0;
        for (var i = 0; i < 10_000; i++)
        {
            _rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
            while (_rig.Acquire(RateRig.Request(rule, input: 1)).Permit is not null)
                passed++;
        }

        Assert.That(passed, Is.EqualTo(15_000));
    }

    [Test]
    public void Acquire_EachKind_IsCountedByItself()
    {
        Assert.That(_rig.CountPassing(RateRig.Rule("in", input: 100), input: 10, output: 90), Is.EqualTo(10));
        Assert.That(_rig.CountPassing(RateRig.Rule("out", output: 100), input: 90, output: 10), Is.EqualTo(10));
        Assert.That(_rig.CountPassing(RateRig.Rule("both", tokens: 100), input: 15, output: 5), Is.EqualTo(5));
        Assert.That(_rig.CountPassing(RateRig.Rule("once", concurrent: 3)), Is.EqualTo(3));
    }

    [Test]
    public void Acquire_RefusedByOneLimit_TakesNothingOfTheOthers()
    {
        var (narrow, wide) = (RateRig.Rule("narrow", concurrent: 1), RateRig.Rule("wide", requests: 10));
        var first = _rig.Acquire(RateRig.Request(narrow, wide));

        for (var i = 0; i < 50; i++)
            Assert.That(_rig.Acquire(RateRig.Request(wide, narrow)).Refusal!.Rule, Is.SameAs(narrow));

        Assert.That(first.Permit, Is.Not.Null);
        Assert.That(_rig.CountPassing(wide), Is.EqualTo(9));
    }

    [Test]
    public void Acquire_RefusedByOneKind_TakesNothingOfTheOtherKinds()
    {
        var rule = RateRig.Rule(requests: 10, tokens: 100);
        _rig.Acquire(RateRig.Request(rule, input: 95));

        for (var i = 0; i < 50; i++)
            Assert.That(_rig.Acquire(RateRig.Request(rule, input: 10)).Refusal!.Kind, Is.EqualTo(RateLimitKind.Tokens));

        Assert.That(_rig.CountPassing(rule), Is.EqualTo(9));
    }

    [Test]
    public void Acquire_Values_DoNotShare()
    {
        var rule = RateRig.Rule(requests: 1);

        Assert.That(_rig.Acquire(RateRig.Request(rule)).Permit, Is.Not.Null);
        Assert.That(_rig.Limiter.Acquire(new([RateRig.Charge(rule, "other")], default)).Permit, Is.Not.Null);
        Assert.That(_rig.Acquire(RateRig.Request(rule)).Permit, Is.Null);
    }

    [Test]
    public void Acquire_Refused_SaysWhenToComeBackToTheMillisecond()
    {
        var rule = RateRig.Rule(tokens: 70_000);
        _rig.Acquire(RateRig.Request(rule, input: 70_000));
        var wait = _rig.Acquire(RateRig.Request(rule, input: 12_345)).Refusal!.RetryAfter!.Value;

        _rig.Clock.Advance(wait - TimeSpan.FromMilliseconds(1));
        Assert.That(_rig.Acquire(RateRig.Request(rule, input: 12_345)).Permit, Is.Null);
        _rig.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(_rig.Acquire(RateRig.Request(rule, input: 12_345)).Permit, Is.Not.Null);
    }

    [Test]
    public void Acquire_SeveralFullLimits_NamesTheOneThatIsFullTheLongest()
    {
        var (soon, late) = (RateRig.Rule("soon", requests: 60), RateRig.Rule("late", requests: 1));
        _rig.CountPassing(soon);
        _rig.CountPassing(late);

        var refusal = _rig.Acquire(RateRig.Request(soon, late)).Refusal!;

        Assert.That(refusal.Rule, Is.SameAs(late));
        Assert.That(refusal.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public void Acquire_MoreThanEverFits_IsTooLargeAndDoesNotWait()
    {
        var outcome = _rig.Acquire(RateRig.Request(RateRig.Rule(tokens: 100, queue: 5), input: 101));

        Assert.That(outcome.Refusal!.Cause, Is.EqualTo(RateRefusalCause.TooLarge));
        Assert.That(outcome.Waiter, Is.Null);
    }

    [Test]
    public void Acquire_ALimitOfNothing_LetsNothingPass([Values] bool atOnce)
    {
        var rule = atOnce ? RateRig.Rule(concurrent: 0, queue: 5) : RateRig.Rule(requests: 0, queue: 5);

        Assert.That(_rig.Acquire(RateRig.Request(rule)).Refusal!.Cause, Is.EqualTo(RateRefusalCause.TooLarge));
    }

    [Test]
    public void Settle_LessThanWasTaken_GivesTheRestBack()
    {
        var rule = RateRig.Rule(tokens: 100);
        var permit = _rig.Acquire(RateRig.Request(rule, input: 80)).Permit!;

        permit.Settle(new(20, 0));
        permit.Settle(new(0, 0));
        permit.Release();

        Assert.That(_rig.CountPassing(rule, input: 1), Is.EqualTo(80));
    }

    [Test]
    public void Settle_MoreThanWasTaken_DelaysThoseThatComeAfter()
    {
        var rule = RateRig.Rule(tokens: 100);

        _rig.Acquire(RateRig.Request(rule, input: 100)).Permit!.Settle(new(300, 0));

        Assert.That(_rig.Acquire(RateRig.Request(rule, input: 100)).Refusal!.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(3)));
    }

    [Test]
    public void Settle_WhatHasDrainedMeanwhile_IsNotGivenBackAgain()
    {
        var rule = RateRig.Rule(tokens: 100);
        var early = _rig.Acquire(RateRig.Request(rule, input: 100)).Permit!;
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(_rig.Acquire(RateRig.Request(rule, input: 100)).Permit, Is.Not.Null);

        early.Settle(new(0, 0));

        Assert.That(_rig.CountPassing(rule, input: 1), Is.Zero);
    }

    [Test]
    public void Release_BeforeAnythingWasSent_GivesTheRequestBackToo()
    {
        var rule = RateRig.Rule(requests: 1, concurrent: 1);

        _rig.Acquire(RateRig.Request(rule)).Permit!.Release();

        Assert.That(_rig.Acquire(RateRig.Request(rule)).Permit, Is.Not.Null);
    }

    [Test]
    public void Leave_BeforeWhatItUsedIsKnown_LetsTheNextOneIn()
    {
        var rule = RateRig.Rule(tokens: 100, concurrent: 1);
        var permit = _rig.Acquire(RateRig.Request(rule, input: 60)).Permit!;

        permit.Leave();
        permit.Leave();

        Assert.That(_rig.CountPassing(rule, input: 40), Is.EqualTo(1));
        permit.Settle(new(0, 0));
        Assert.That(_rig.Acquire(RateRig.Request(rule, input: 40)).Refusal!.Kind, Is.EqualTo(RateLimitKind.Concurrent));
    }

    [Test]
    public void Acquire_AChangedLimit_KeepsWhatWasTaken()
    {
        _rig.Acquire(RateRig.Request(RateRig.Rule(requests: 60, tokens: 100), input: 90));

        Assert.That(_rig.CountPassing(RateRig.Rule(tokens: 200), input: 10), Is.EqualTo(11));
        Assert.That(_rig.CountPassing(RateRig.Rule(tokens: 100), input: 10), Is.Zero);
    }

    [Test]
    public void Settle_WhatHasDrainedBeforeALimitWasReloaded_IsNotGivenBackAgain()
    {
        var early = _rig.Acquire(RateRig.Request(RateRig.Rule(tokens: 100), input: 100)).Permit!;
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(_rig.Acquire(RateRig.Request(RateRig.Rule(tokens: 100), input: 100)).Permit, Is.Not.Null);

        early.Settle(new(0, 0));

        Assert.That(_rig.CountPassing(RateRig.Rule(tokens: 100), input: 1), Is.Zero);
    }

    [Test]
    public void Acquire_AKindThatIsLimitedAgain_BeginsWithWhatWasTakenOfIt()
    {
        _rig.Acquire(RateRig.Request(RateRig.Rule(requests: 60, tokens: 60), input: 60));
        _rig.Acquire(RateRig.Request(RateRig.Rule(requests: 60)));
        _rig.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.That(_rig.CountPassing(RateRig.Rule(requests: 60, tokens: 60), input: 1), Is.EqualTo(10));
    }

    [Test]
    public void Acquire_ALimitThatOnlyObserves_SaysWhatItWouldRefuseAndTakesNothingThen()
    {
        var rule = RateRig.Rule(requests: 1, enforce: false);

        Assert.That(_rig.Acquire(RateRig.Request(rule)).Observed, Is.Null);
        var second = _rig.Acquire(RateRig.Request(rule));

        Assert.That(second.Permit, Is.Not.Null);
        Assert.That(second.Observed!.Single().Kind, Is.EqualTo(RateLimitKind.Requests));
        _rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(_rig.Acquire(RateRig.Request(rule)).Observed, Is.Null);
    }

    [Test]
    public void Tighten_LessThanWeThought_IsBelieved()
    {
        var rule = RateRig.Rule(requests: 60);

        _rig.Limiter.Tighten(RateRig.Charge(rule), RateLimitKind.Requests, 2);
        _rig.Limiter.Tighten(RateRig.Charge(rule), RateLimitKind.Requests, 1_000);

        Assert.That(_rig.CountPassing(rule), Is.EqualTo(2));
        _rig.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.That(_rig.CountPassing(rule), Is.EqualTo(5));
    }

    [Test]
    public void Acquire_ManyValues_ForgetsThoseThatAreAsGoodAsNew()
    {
        var rule = RateRig.Rule(requests: 1);
        var open = _rig.Limiter.Acquire(new([RateRig.Charge(rule, "open")], default)).Permit!;
        for (var day = 0; day < 20; day++)
        {
            for (var i = 0; i < 1_000; i++)
                _rig.Limiter.Acquire(new([RateRig.Charge(rule, $"{day} {i}")], default)).Permit!.Settle(default);
            _rig.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.That(_rig.Limiter.Accounts, Is.LessThan(3_000));
        _rig.Limiter.Acquire(new([RateRig.Charge(rule, "last")], default));
        Assert.That(_rig.Limiter.Acquire(new([RateRig.Charge(rule, "last")], default)).Permit, Is.Null);
        open.Settle(default);
    }

    [Test]
    public void Acquire_ByManyThreads_NeverLetsMorePass()
    {
        var rule = RateRig.Rule(requests: 5_000, concurrent: 8);
        var (running, most, passed) = (0, 0, 0);

        Parallel.For(0, 20_000, _ =>
        {
            if (_rig.Acquire(RateRig.Request(rule)).Permit is not { } permit)
                return;
            Interlocked.Increment(ref passed);
            var now = Interlocked.Increment(ref running);
            for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
                Interlocked.CompareExchange(ref most, now, seen);
            Interlocked.Decrement(ref running);
            permit.Settle(default);
        });

        Assert.That(most, Is.LessThanOrEqualTo(8));
        Assert.That(passed, Is.LessThanOrEqualTo(5_000).And.GreaterThan(0));
        Assert.That(_rig.CountPassing(RateRig.Rule(requests: 5_000)), Is.EqualTo(Math.Min(1_000, 5_000 - passed)));
    }
}
