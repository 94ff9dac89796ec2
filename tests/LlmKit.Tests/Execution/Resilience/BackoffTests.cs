using LlmKit.Execution.Resilience;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Resilience;

public class BackoffTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Next_WhateverChanceSays_OnlyAddsUpToHalf([Range(0, 6)] int retries, [Values(0, 0.25, 0.999999)] double chance, [Values(0, 3, 60)] int retryAfter)
    {
        var wait = new Backoff(Second, 8 * Second, () => chance).Next(retries, retryAfter * Second);

        var doubled = TimeSpan.FromSeconds(Math.Min(8, Math.Pow(2, retries)));
        var least = doubled > retryAfter * Second ? doubled : retryAfter * Second;
        Assert.That(wait, Is.GreaterThanOrEqualTo(least));
        Assert.That(wait, Is.LessThanOrEqualTo(least + doubled / 2));
    }

    [Test]
    public void Next_TheSameSeed_GivesTheSameWaits()
    {
        static TimeSpan[] Waits()
        {
            var backoff = new Backoff(Second, 8 * Second, new Random(7).NextDouble);
            return [.. Enumerable.Range(0, 5).Select(retry => backoff.Next(retry, null))];
        }

        var first = Waits();

        Assert.That(Waits(), Is.EqualTo(first));
        Assert.That(first, Is.Unique);
    }

    [Test]
    public void Next_NoSourceGiven_StillSpreads()
    {
        var backoff = new Backoff(Second, 8 * Second, chance: null);

        var waits = Enumerable.Range(0, 20).Select(_ => backoff.Next(0, null)).ToArray();

        Assert.That(waits.Distinct().Count(), Is.GreaterThan(1));
    }
}
