using LlmKit.Models;
using LlmKit.Orchestration.Routing;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing;

/// <summary>What users of other routers have reported, on the composed path.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RouterDefectTests(bool streamed)
{
    private readonly ScriptedChatClient _b = new(ScriptedAnswer.Text("from b"));

    [Test]
    public async Task Ask_FirstModelsCircuitIsOpen_GoesToTheNextWithoutAskingOrWaiting()
    {
        var a = new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(500)));
        using var rig = Rig(a, Broken);
        await rig.AskAsync(streamed);
        await rig.AskAsync(streamed);
        var before = a.Requests.Count;

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, a.Requests.Count - before), Is.EqualTo(("from b", 0)));
        Assert.That(outcome.Call!.Steps.OfType<RouteStep>().Single(step => step.Decision == "fallback").Reason, Is.EqualTo("refused: CircuitOpen"));
    }

    [Test]
    public async Task Ask_EveryCircuitIsOpen_FailsAtOnceAndSaysUntilWhen()
    {
        var down = new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(500)));
        using var rig = new BudgetRig(builder => builder.AddPriced("a", down).AddPriced("b", down).UseRouter().UseResilience(Broken));
        await rig.AskAsync(streamed);
        await rig.AskAsync(streamed);
        var before = down.Requests.Count;

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Property("RetryAfter").GreaterThan(TimeSpan.Zero));
        Assert.That(down.Requests, Has.Count.EqualTo(before));
    }

    [Test]
    public async Task Ask_BurstOfRequestsThatAreWrong_CoolsNoModel([Values(400, 404)] int status)
    {
        var a = new ScriptedChatClient((number, _) => number < 10 ? ScriptedAnswer.Throws(Failures.Http(status)) : ScriptedAnswer.Text("from a"));
        using var rig = Rig(a, Broken);
        for (var i = 0; i < 10; i++)
            await rig.AskAsync(streamed);

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("from a"));
    }

    [Test]
    public async Task Ask_NothingIsKnownOfAnyModel_IsAnswered([Values("latency", "busy", "cost")] string policy)
    {
        using var rig = new BudgetRig(builder => builder
            .AddModel("a", new ScriptedChatClient(ScriptedAnswer.Text("from a"))).AddModel("b", _b)
            .UseRouter(router => router.Use(policy == "latency" ? RoutingPolicies.LeastLatency() : policy == "busy" ? RoutingPolicies.LeastBusy() : RoutingPolicies.LeastCost())));

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("from a"));
    }

    [Test]
    public async Task Ask_ModelOfARuleFails_FallsBack([Values(429, 403)] int status)
    {
        using var rig = Rig(
            new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(status))),
            router: router => router.Use(RoutingPolicies.When(request => request.Feature == "triage", RoutingPolicies.Pin("a"), RoutingPolicies.Pin("b"))));

        Assert.That((await rig.AskAsync(streamed)).Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Ask_FirstContentIsLate_IsAnsweredByTheNextInTime()
    {
        using var rig = Rig(new ScriptedChatClient(ScriptedAnswer.Hangs()), options => (options.MaxRetries, options.FirstContentTimeout, options.AttemptTimeout) = (0, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)));
        var asking = rig.AskAsync(streamed);

        rig.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.That((await asking).Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Ask_AHedgeWhileTheFirstModelRefusesToAnswer_IsNoWayAroundIt()
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("a", ScriptedAnswer.Throws(Failures.Http(400)), model => model.ClassifyFailure = _ => new() { Kind = ModelFailureKind.ContentFiltered })
            .AddPriced("b", _b).UseRouter(router => router.Hedge()));

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, _b.Requests.Count), Is.EqualTo(("", 0)));
    }

    private static void Broken(ResilienceOptions options) => (options.MaxRetries, options.MinimumThroughput, options.FailureRatio) = (0, 2, 0.5);

    private BudgetRig Rig(ScriptedChatClient a, Action<ResilienceOptions>? resilience = null, Action<RouterOptions>? router = null) => new(builder =>
    {
        builder.AddPriced("a", a).AddPriced("b", _b).UseRouter(router);
        if (resilience is not null)
            builder.UseResilience(resilience);
    });
}
