using LlmKit.Orchestration.Routing.Policies;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Policies;

/// <summary>What policies get to see of how models fare, on the composed path.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RouterTrafficTests(bool streamed)
{
    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _clock = new();
    private readonly Watching _watching = new();

    [Test]
    public async Task Ask_UnderHedging_TheModelsFareIsKnown()
    {
        using var rig = Hedged(After(1, "from a"), After(1, "from b"));

        await AskAsync(rig);

        Assert.That((_watching.Seen["a"].Latency?.TotalSeconds, _watching.Seen["a"].InFlight), Is.EqualTo(((double?)1, 0)).Within(0.2));
    }

    [Test]
    public async Task Ask_ARace_EachLegIsBusyUntilItEnds()
    {
        using var rig = Hedged(After(60, "from a"), After(2, "from b"));

        var asking = rig.AskAsync(streamed);
        await ManualTimeExtensions.UntilAsync(() => _clock.ActiveTimers > 0);
        var whileOne = _watching.Seen["a"].InFlight;
        var outcome = await _clock.FinishAsync(asking);
        await outcome.Call!.WhenSettled;
        await ManualTimeExtensions.UntilAsync(() => _watching.Seen["a"].InFlight == 0);

        Assert.That((outcome.Text, whileOne, _watching.Seen["b"].InFlight), Is.EqualTo(("from b", 1, 0)));
        Assert.That(_watching.Seen["b"].Latency?.TotalSeconds, Is.EqualTo(2).Within(0.5));
    }

    [Test]
    public async Task Ask_AModelThatWasFastAndLosesARace_IsNotFastAnyMore()
    {
        var seconds = 0.5;
        using var rig = Hedged(new ScriptedChatClient((_, _) => After(seconds, "from a"), _clock), Model(After(1, "from b")));
        await AskAsync(rig);
        seconds = 60;

        await (await AskAsync(rig)).Call!.WhenSettled;

        await ManualTimeExtensions.UntilAsync(() => _watching.Seen["a"].InFlight == 0);
        Assert.That(_watching.Seen["a"].Latency?.TotalSeconds, Is.GreaterThan(2));
    }

    [Test]
    public async Task LeastLatency_AModelThatFailsAtOnce_IsNotFasterThanASlowOne()
    {
        var down = new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(503)));
        using var rig = Rig(Model(After(12, "from slow")), down, options => (options.Seed, options.Policy) = (3, RoutingPolicies.LeastLatency()));
        for (var i = 0; i < 40; i++)
            await AskAsync(rig);

        Assert.That(down.Requests, Has.Count.InRange(1, 8));
    }

    [Test]
    public async Task LeastLatency_AModelThatFails_IsNotPreferredToOneThatWasNotTried()
    {
        var down = new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(503)));
        using var rig = Rig(down, Model(After(1, "from b")), options => options.Use(RoutingPolicies.LeastLatency()));
        await AskAsync(rig, new LlmCallOptions { AllowFallback = false });

        var outcome = await AskAsync(rig, new LlmCallOptions { AllowFallback = false });

        Assert.That(outcome.Text, Is.EqualTo("from b"));
    }

    [TestCase(400, true)]
    [TestCase(503, false)]
    public async Task Ask_AFailure_CountsUnlessTheRequestIsWrong(int status, bool isKnown)
    {
        var a = new ScriptedChatClient((number, _) => number == 0 ? After(1, "from a") : ScriptedAnswer.Throws(Failures.Http(status)), _clock);
        using var rig = Rig(a, Model(After(1, "from b")), options => options.Use(_watching));
        await AskAsync(rig);

        await AskAsync(rig);

        Assert.That(_watching.Seen["a"].Latency, isKnown ? Is.Not.Null : Is.Null);
    }

    [Test]
    public async Task RoundRobin_OneOfTwoIsDown_GoesToEachFirstInTurn()
    {
        var down = new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(503)));
        using var rig = Rig(down, Model(After(0, "from b")), options => options.Use(RoutingPolicies.RoundRobin()));
        for (var i = 0; i < 10; i++)
            await AskAsync(rig);

        Assert.That(down.Requests, Has.Count.EqualTo(5));
    }

    private static ScriptedAnswer After(double seconds, string text) => ScriptedAnswer.Text(text) with { Delay = TimeSpan.FromSeconds(seconds) };

    private BudgetRig Hedged(ScriptedAnswer a, ScriptedAnswer b) => Hedged(Model(a), Model(b));

    private BudgetRig Hedged(ScriptedChatClient a, ScriptedChatClient b) => Rig(a, b, options => options.Use(_watching).Hedge(hedging => hedging.Delay = s_delay));

    private BudgetRig Rig(ScriptedChatClient a, ScriptedChatClient b, Action<RouterOptions> router) =>
        new(builder => builder.AddPriced("a", a).AddPriced("b", b).UseRouter(router), time: _clock);

    private ScriptedChatClient Model(ScriptedAnswer answer) => new((_, _) => answer, _clock);

    private Task<Outcome> AskAsync(BudgetRig rig, LlmCallOptions? options = null) => _clock.FinishAsync(rig.AskAsync(streamed, options));

    /// <summary>Chooses the first and keeps what it was shown.</summary>
    private sealed class Watching : RoutingPolicy
    {
        public Dictionary<string, ModelCandidate> Seen { get; } = [];

        public override string Name => "watching";

        public override RoutingChoice Choose(RoutingRequest context)
        {
            foreach (var candidate in context.Candidates)
                Seen[candidate.Name] = candidate;
            return new(context.Candidates[0].Name);
        }
    }
}
