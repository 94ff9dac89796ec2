using LlmKit.Internal;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Internal;

public sealed class ShareBudgetTests
{
    private const int Floor = 3;

    private readonly ManualTimeProvider _clock = new();
    private readonly ShareBudget _budget;

    public ShareBudgetTests() => _budget = new(_clock);

    [Test]
    public void TryTake_WithoutTraffic_GivesTheFloor() => Assert.That(TakeAll(share: 0.2), Is.EqualTo(Floor));

    [Test]
    public void TryTake_WithTraffic_GivesItsShareBesideTheFloor()
    {
        for (var call = 0; call < 50; call++)
            _budget.CountCall(_clock.GetTimestamp());

        Assert.That(TakeAll(share: 0.2), Is.EqualTo(10 + Floor));
    }

    [Test]
    public void TryTake_WhenTheWindowHasPassed_GivesAnew()
    {
        TakeAll(share: 0);
        _clock.Advance(TimeSpan.FromSeconds(8));
        Assert.That(TakeAll(share: 0), Is.Zero);

        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.That(TakeAll(share: 0), Is.EqualTo(Floor));
    }

    [Test]
    public void TryTake_FromManyThreads_GivesNoneTwice()
    {
        var taken = 0;

        Parallel.For(0, 200, _ => Interlocked.Add(ref taken, _budget.TryTake(0, Floor) ? 1 : 0));

        Assert.That(taken, Is.EqualTo(Floor));
    }

    private int TakeAll(double share)
    {
        var taken = 0;
        while (taken < 1_000 && _budget.TryTake(share, Floor))
            taken++;
        return taken;
    }
}
