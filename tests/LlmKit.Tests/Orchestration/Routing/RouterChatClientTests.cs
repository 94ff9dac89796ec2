using LlmKit.Control.Budgets;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing;

public class RouterChatClientTests
{
    private readonly ScriptedChatClient _a = new(ScriptedAnswer.Text("from a"));
    private readonly ScriptedChatClient _b = new(ScriptedAnswer.Text("from b"));

    [Test]
    public async Task Ask_Alone_OpensACallAndFallsBack([Values] bool streamed)
    {
        using var router = Routers.Alone(("a", new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(503)))), ("b", _b));

        var outcome = await Outcome.OfAsync(router, streamed);

        Assert.That(outcome.Text, Is.EqualTo("from b"));
        Assert.That(outcome.Call!.Pipeline, Is.EqualTo("router"));
    }

    [Test]
    public async Task Ask_AloneUnderABudget_HoldsEveryModelToIt([Values] bool streamed)
    {
        using var guard = new BudgetGuardChatClient(
            Routers.Alone(("a", Routers.Metered("a", new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(503))))), ("b", Routers.Metered("b", _b))),
            new BudgetOptions().PerModel("each", 10, BudgetWindow.Lifetime));

        var outcome = await Outcome.OfAsync(guard, streamed, BudgetRig.Call());

        Assert.That(outcome.Error, Is.TypeOf<BudgetExceededException>());
        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public void Constructor_OfABudgetAboveARouterWithABareModel_IsRefused()
    {
        var router = Routers.Alone(("a", Routers.Metered("a", _a)), ("b", _b));

        Assert.That(() => new BudgetGuardChatClient(router, new BudgetOptions().Global("all", 10, BudgetWindow.Lifetime)), Throws.TypeOf<LlmConfigurationException>());
    }

    [Test]
    public async Task Ask_AloneUnderABudgetThroughAMiddlewareThatDropsTheOptions_IsRefused([Values] bool streamed)
    {
        using var guard = new BudgetGuardChatClient(
            Routers.Alone(
                ("a", Routers.Metered("a", new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(503))))),
                ("b", new OptionsDroppingChatClient(Routers.Metered("b", _b)))),
            new BudgetOptions().Global("all", 1000, BudgetWindow.Lifetime));

        await Outcome.OfAsync(guard, streamed, BudgetRig.Call());

        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_ThroughAMiddlewareThatDropsTheOptions_StillRoutes([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", _a).AddPriced("b", _b).Use(inner => new OptionsDroppingChatClient(inner)).UseRouter());

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("from a"));
    }

    [Test]
    public async Task Ask_UnderABudgetThroughAMiddlewareThatDropsTheOptions_IsRefusedWithTheRemedy([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", _a).AddPriced("b", _b)
            .UseBudget(budget => budget.Global("all", 1000, BudgetWindow.Lifetime)).Use(inner => new OptionsDroppingChatClient(inner)).UseRouter());

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Message.Contains("options.Clone()"));
        Assert.That(_a.Requests.Concat(_b.Requests), Is.Empty);
    }

    [Test]
    public void Constructor_WithWrongModels_SaysAllThatIsWrong()
    {
        Assert.That(
            () => Routers.Alone(("a", _a), ("a", _b), (" ", _b), ("c", null!), ("d", Routers.Metered("x", _b))),
            Throws.TypeOf<LlmConfigurationException>().With.Property("Failures").Count.EqualTo(3));
    }

    [Test]
    public void Constructor_WithoutModels_IsRefused() =>
        Assert.That(() => Routers.Alone(), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("no model"));

    [Test]
    public void Dispose_OfTheRouter_DisposesOfEachModelOnce()
    {
        Routers.Alone(("a", _a), ("b", _b)).Dispose();

        Assert.That((_a.Disposals, _b.Disposals), Is.EqualTo((1, 1)));
    }

    [Test]
    public void GetService_WithAModelsName_AsksThatModel()
    {
        using var router = Routers.Alone(("a", _a), ("b", _b));

        Assert.That(router.GetService(typeof(ScriptedChatClient), "b"), Is.SameAs(_b));
        Assert.That(router.GetService(typeof(ScriptedChatClient)), Is.SameAs(_a));
    }

    [Test]
    public async Task Ask_ByWeightWithASeed_RepeatsItsChoices([Values] bool streamed)
    {
        var first = await ChoicesAsync(streamed, seed: 7);
        var second = await ChoicesAsync(streamed, seed: 7);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(first, Does.Contain("from a").And.Contain("from b"));
    }

    [Test]
    public async Task Ask_ByWeightWhenTheDrawnModelFails_IsAnsweredByAnother([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("b", _b)
            .UseRouter(router => router.Weighted(("a", 1), ("b", 0))));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Ask_UnderObservationByWeight_RecordsTheDrawAndAsksTheFirst([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", _a).AddPriced("b", _b)
            .UseRouter(router => router.Weighted(("a", 0), ("b", 1)).Observe = true));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("from a"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "would be chosen" }));
    }

    [Test]
    public async Task Ask_UnderObservationWhenTheFirstModelIsNotAllowed_AsksItAllTheSame([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", _a).AddPriced("b", _b).UseRouter(router =>
        {
            router.AllowedModels = new Dictionary<string, IReadOnlyList<string>> { ["acme"] = ["b"] };
            router.Observe = true;
        }));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("from a"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "would be skipped", "would be chosen" }));
    }

    [Test]
    public async Task Ask_UnderObservationWhenTheFirstModelFails_PassesTheFailureOn([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("b", _b).UseRouter(router => router.Observe = true));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<HttpRequestException>());
        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_UnderObservationOfACascade_IsAnsweredByTheFirstAsItIs([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Text("half") with { FinishReason = ChatFinishReason.Length }).AddPriced("b", _b)
            .UseRouter(router => router.Cascade("a", "b").Observe = true));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("half"));
    }

    [Test]
    public async Task Ask_AnyQuestion_LeavesNoTextOfItInSteps([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("b", _b).UseRouter());

        var outcome = await Outcome.OfAsync(rig.Chat, streamed, BudgetRig.Call(), prompt: "my secret");

        Assert.That(string.Join(" ", outcome.Call!.Steps), Does.Not.Contain("secret").And.Not.Contain("from b").And.Not.Contain("provider text"));
    }

    private async Task<List<string>> ChoicesAsync(bool streamed, int seed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", _a).AddPriced("b", _b).UseRouter(router => router.Weighted(("a", 1), ("b", 1)).Seed = seed));
        var texts = new List<string>();
        for (var i = 0; i < 20; i++)
            texts.Add((await rig.AskAsync(streamed)).Text);
        return texts;
    }
}
