using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Doubles;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly List<string> _fired = [];

    [Test]
    public void Advance_Timers_FireInTheOrderOfTheirDueTimesEachAtItsOwn()
    {
        var start = _clock.GetUtcNow();
        Timer("late", 3);
        Timer("early", 1);

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That(_fired, Is.EqualTo(["early at 1", "late at 3"]));
        Assert.That(_clock.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(_clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public void Advance_PeriodicTimer_FiresAtEachPeriod()
    {
        using var timer = _clock.CreateTimer(_ => _fired.Add("tick"), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _clock.Advance(TimeSpan.FromSeconds(6));

        Assert.That(_fired, Has.Count.EqualTo(3));
    }

    [Test]
    public void Dispose_Timer_NeverFiresNorCanBeArmedAgain()
    {
        var timer = Timer("gone", 1);
        timer.Dispose();

        Assert.That(timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan), Is.False);
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That(_fired, Is.Empty);
    }

    [Test]
    public void Advance_InsideATimer_NeverTurnsTheClockBack()
    {
        using var timer = _clock.CreateTimer(_ => _clock.Advance(TimeSpan.FromSeconds(10)), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        var start = _clock.GetUtcNow();

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.That(_clock.GetUtcNow() - start, Is.EqualTo(TimeSpan.FromSeconds(11)));
    }

    [Test]
    public void Advance_Backwards_Throws() =>
        Assert.That(() => _clock.Advance(TimeSpan.FromTicks(-1)), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Delay_OnTheClock_EndsWhenItsTimeHasCome()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(2), _clock);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(delay.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(delay.IsCompleted, Is.True);
    }

    [Test]
    public void Advance_UnderAContext_WhatWaitsGoesOnBeforeItReturns()
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new NeverRunningContext());
        var wait = WaitAsync(_clock);

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(wait.IsCompleted);
        Assert.That(SynchronizationContext.Current, Is.InstanceOf<NeverRunningContext>());
        SynchronizationContext.SetSynchronizationContext(context);
    }

    private ITimer Timer(string name, int seconds)
    {
        var start = _clock.GetUtcNow();
        return _clock.CreateTimer(_ => _fired.Add($"{name} at {(_clock.GetUtcNow() - start).TotalSeconds}"), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
    }

    private static async Task WaitAsync(ManualTimeProvider clock) =>
        await Task.Delay(TimeSpan.FromSeconds(1), clock).ConfigureAwait(false);

    private sealed class NeverRunningContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
