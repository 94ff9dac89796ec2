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
        Assert.That(bench.Steps.Single().Reason, Is.EqualTo(ResilienceRun.RetriesUsedUp));
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

    [Test]
    public async Task Budget_TenSecondsLater_IsFullAgain([Values] bool streamed)
    {
        using var bench = With(Setting.Composed, options => Budget(options, share: 0), Fails());
        for (var call = 0; call < 5; call++)
            await bench.FailAsync(streamed);
        var before = bench.Model.Requests.Count;

        bench.Clock.Advance(TimeSpan.FromSeconds(11));
        await bench.FailAsync(streamed);

        Assert.That(before, Is.EqualTo(5 + Floor));
        Assert.That(bench.Model.Requests, Has.Count.EqualTo(before + 3));
    }

    [Test]
    public async Task Calls_ThatWereNeverSent_AreNoTraffic([Values] bool streamed)
    {
        using var bench = With(Setting.Composed, options => Budget(options, share: 0.2), Fails());
        for (var call = 0; call < 40; call++)
            await bench.FailAsync(streamed, new() { ExcludedModels = ["m"] });

        for (var call = 0; call < 5; call++)
            await bench.FailAsync(streamed);

        Assert.That(bench.Model.Requests, Has.Count.EqualTo(5 + Floor + 1), "a fifth of five, and the floor");
    }

    private static void Budget(ResilienceOptions options, double? share)
    {
        (options.RetryShare, options.RetryFloor) = (share, Floor);
        (options.BaseDelay, options.FailureRatio) = (TimeSpan.Zero, null);
    }
}
