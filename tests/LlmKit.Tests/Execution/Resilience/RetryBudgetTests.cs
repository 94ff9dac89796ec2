using LlmKit.Execution.Resilience;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;
using static LlmKit.Tests.Execution.Resilience.ResilienceBench;

namespace LlmKit.Tests.Execution.Resilience;

public sealed class RetryBudgetTests
{
    private const int Floor = 3;

    private readonly ManualTimeProvider _clock = new();
    private readonly RetryBudget _budget;

    public RetryBudgetTests() => _budget = new(_clock);

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

    [Test]
    public async Task Outage_OfTheModel_IsMetWithTheBudgetsRetriesOnly([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = With(setting, options => Budget(options, share: 0.2), Fails());
        var retries = 0;

        for (var call = 0; call < 40; call++)
        {
            await bench.FailAsync(streamed);
            retries += bench.Steps.Count(step => step.Decision == "retry");
        }

        Assert.That(retries, Is.EqualTo(8 + Floor));
        Assert.That(bench.Model.Requests, Has.Count.EqualTo(40 + retries));
        Assert.That(bench.Steps.Single().Reason, Is.EqualTo(RetryBudget.UsedUp));
    }

    [Test]
    public async Task Outage_WithoutABudget_IsMetWithEveryRetry([Values] bool streamed)
    {
        using var bench = With(Setting.Composed, options => Budget(options, share: null), Fails());

        for (var call = 0; call < 20; call++)
            await bench.FailAsync(streamed);

        Assert.That(bench.Model.Requests, Has.Count.EqualTo(60));
    }

    [Test]
    public async Task Failure_ThatIsNotRepeatedAnyway_TakesNothing([Values] bool streamed)
    {
        using var bench = With(Setting.Composed, options => Budget(options, share: 0), Fails(ModelFailureKind.InvalidRequest), Fails(ModelFailureKind.InvalidRequest), Fails(), Fails(), Fails());

        await bench.FailAsync(streamed);
        await bench.FailAsync(streamed);
        await bench.FailAsync(streamed);

        Assert.That(bench.Model.Requests, Has.Count.EqualTo(5));
    }

    private static void Budget(ResilienceOptions options, double? share)
    {
        (options.RetryShare, options.RetryFloor) = (share, Floor);
        (options.BaseDelay, options.FailureRatio) = (TimeSpan.Zero, null);
    }

    private int TakeAll(double share)
    {
        var taken = 0;
        while (taken < 1_000 && _budget.TryTake(share, Floor))
            taken++;
        return taken;
    }
}
