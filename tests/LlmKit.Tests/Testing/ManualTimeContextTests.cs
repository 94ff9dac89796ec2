using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Doubles;

public class ManualTimeContextTests
{
    [Test]
    public void Advance_UnderAContext_WhatWaitsGoesOnBeforeItReturns()
    {
        var clock = new ManualTimeProvider();
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new NeverRunningContext());
        var wait = WaitAsync(clock);

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(wait.IsCompleted);
        Assert.That(SynchronizationContext.Current, Is.InstanceOf<NeverRunningContext>());
        SynchronizationContext.SetSynchronizationContext(context);
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
