using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Lookup;

/// <summary>Equal requests at the same moment, through a pipeline with money in it.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class CacheFlightTests(bool streamed)
{
    [Test]
    public async Task Ask_FiftyAtOnce_AreOneRequestThatIsPaidOnce([Values] bool otherWay)
    {
        using var rig = Rig();
        var asking = Enumerable.Range(0, 50).Select(i => rig.AskAsync(streamed != (otherWay && i % 2 == 1))).ToArray();

        var outcomes = await rig.Clock.FinishAsync(Task.WhenAll(asking));

        Assert.That(outcomes.Select(outcome => outcome.Text), Has.All.EqualTo("answer 0"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
        Assert.That(outcomes.Count(outcome => outcome.Decisions.Contains("joined")), Is.EqualTo(49));
        Assert.That(outcomes.Sum(outcome => outcome.Call!.Cost), Is.EqualTo(rig.Spent).And.GreaterThan(0));
        Assert.That(rig.Reserved, Is.Zero);
        Assert.That((await rig.AskAsync(!streamed)).Decisions, Is.EqualTo(new[] { "hit" }));
    }

    [Test]
    public async Task Ask_FirstCallerLeaves_LeavesTheOthersTheirAnswerWhichIsStored()
    {
        using var rig = Rig();
        using var leaving = new CancellationTokenSource();
        var first = rig.AskAsync(streamed, cancellationToken: leaving.Token);
        await rig.AskedAsync(1);
        var second = rig.AskAsync(streamed);

        await leaving.CancelAsync();
        var left = await first;
        var stayed = await rig.Clock.FinishAsync(second);

        Assert.That(left.Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(stayed.Text, Is.EqualTo("answer 0"));
        Assert.That(stayed.Decisions, Is.EqualTo(new[] { "miss", "joined", "stored" }));
        Assert.That((await rig.AskAsync(streamed)).Decisions, Is.EqualTo(new[] { "hit" }));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
        await left.Call!.WhenSettled;
        Assert.That((left.Call.Cost, stayed.Call!.Cost, rig.Reserved), Is.EqualTo((rig.Spent, 0m, 0m)));
    }

    [Test]
    public async Task Ask_TheModelFails_TellsAllAndKeepsNothing()
    {
        using var rig = Rig(number => number == 0 ? ScriptedAnswer.Throws(Failures.Http(503)) with { Delay = TimeSpan.FromSeconds(1) } : ScriptedAnswer.Text("fine"));
        var asking = Enumerable.Range(0, 5).Select(_ => rig.AskAsync(streamed)).ToArray();

        var outcomes = await rig.Clock.FinishAsync(Task.WhenAll(asking));

        Assert.That(outcomes.Select(outcome => outcome.Error), Has.All.Not.Null);
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("fine"));
    }

    [Test]
    public async Task Ask_TheFirstIsRefusedByItsOwnLimit_TheOthersAskThemselves()
    {
        using var rig = Rig();
        var poor = new LlmCallOptions { Tenant = "acme", User = "u1", MaxOutputTokens = 20, MaxCost = 0.5m };
        var asking = new[] { rig.AskAsync(streamed, poor), rig.AskAsync(streamed) };

        var outcomes = await rig.Clock.FinishAsync(Task.WhenAll(asking));

        Assert.That(outcomes[0].Error, Is.InstanceOf<AttemptRefusedException>());
        Assert.That(outcomes[1].Text, Is.EqualTo("answer 0"));
    }

    [TestCase(LlmCacheDirectives.NoRead)]
    [TestCase(LlmCacheDirectives.NoWrite)]
    [TestCase(LlmCacheDirectives.Bypass)]
    public async Task Ask_ForAnAnswerOfItsOwn_IsNotJoined(LlmCacheDirectives directive)
    {
        using var rig = Rig();
        var options = new LlmCallOptions { Tenant = "acme", User = "u1", MaxOutputTokens = 20, Cache = directive };

        await rig.Clock.FinishAsync(Task.WhenAll(rig.AskAsync(streamed), rig.AskAsync(streamed, options)));

        Assert.That(rig.Model.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ask_SingleFlightOff_AsksForEach()
    {
        using var rig = Rig(configure: cache => cache.SingleFlight = false);

        await rig.Clock.FinishAsync(Task.WhenAll(rig.AskAsync(streamed), rig.AskAsync(streamed)));

        Assert.That(rig.Model.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ask_OfTwoUsers_IsNotJoined()
    {
        using var rig = Rig();

        await rig.Clock.FinishAsync(Task.WhenAll(rig.AskAsync(streamed), rig.AskAsync(streamed, new LlmCallOptions { Tenant = "acme", User = "u2", MaxOutputTokens = 20 })));

        Assert.That(rig.Model.Requests, Has.Count.EqualTo(2));
    }

    private static FlightRig Rig(Func<int, ScriptedAnswer>? script = null, Action<SemanticCacheOptions>? configure = null) => new(
        script ?? (number => ScriptedAnswer.Text("answer ", $"{number}") with { Delay = TimeSpan.FromSeconds(2), DelayBetween = TimeSpan.FromSeconds(1) }), configure);

    private sealed class FlightRig : IDisposable
    {
        private readonly BudgetRig _rig;

        public FlightRig(Func<int, ScriptedAnswer> script, Action<SemanticCacheOptions>? configure)
        {
            Clock = new();
            Model = new((number, _) => script(number), Clock);
            _rig = new(
                builder => builder.AddPriced("model", Model).UseBudget(budget => budget.Global("all", 1_000_000, BudgetWindow.Lifetime)).UseSemanticCache(configure),
                time: Clock);
        }

        public ManualTimeProvider Clock { get; }

        public ScriptedChatClient Model { get; }

        public decimal Spent => _rig.Spent("all");

        public decimal Reserved => _rig.Reserved("all");

        public Task<Outcome> AskAsync(bool streamed, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Outcome.OfAsync(_rig.Chat, streamed, options ?? new LlmCallOptions { Tenant = "acme", User = "u1", MaxOutputTokens = 20 }, "hi", cancellationToken);

        public Task AskedAsync(int times) => ManualTimeExtensions.UntilAsync(() => Model.Requests.Count >= times);

        public void Dispose() => _rig.Dispose();
    }
}
