using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

/// <summary>Who pays into which account when calls spring from calls and pipelines stand in pipelines.</summary>
public class BudgetSharingTests
{
    private static readonly ScriptedAnswer Answer = ScriptedAnswer.Text("ok");

    [Test]
    public async Task Ask_WithAJudgeAndAnEmbedding_BooksAllOfItOnce()
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("model", Answer).AddPriced("judge", Answer).AddEmbeddings("embed", new FixedEmbeddingGenerator(3), model => model.Price = BudgetRig.DollarPerToken)
            .UseBudget(budget => budget.Global("all", 1000, BudgetWindow.Lifetime))
            .Use((inner, context) => new JudgingChatClient(inner, context.GetModel("judge"), context.GetEmbeddings())).UseRouter());

        var outcome = await rig.AskAsync(streamed: false);

        Assert.That(outcome.Call!.Attempts.Select(attempt => attempt.Purpose), Is.EqualTo(new[] { "embedding", null, "judge" }));
        Assert.That(rig.Spent("all"), Is.EqualTo(11m + 11m + 3m).And.EqualTo(outcome.Call.Cost));
    }

    [Test]
    public async Task Ask_WithAJudgeOutsideTheGuard_IsCoveredToo()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", Answer).AddPriced("judge", Answer)
            .Use((inner, context) => new JudgingChatClient(inner, context.GetModel("judge"))).UseBudget(budget => budget.Global("all", 1000, BudgetWindow.Lifetime)).UseRouter());

        var outcome = await rig.AskAsync(streamed: false);

        Assert.That(rig.Spent("all"), Is.EqualTo(22m).And.EqualTo(outcome.Call!.Cost));
    }

    [Test]
    public async Task Ask_WithAJudgeThatTheLimitOnEachCallDoesNotAfford_RefusesTheJudge()
    {
        var judge = new ScriptedChatClient(Answer);
        using var rig = new BudgetRig(builder => builder.AddPriced("model", Answer).AddPriced("judge", judge)
            .UseBudget(budget => budget.PerCall("each", 30)).Use((inner, context) => new JudgingChatClient(inner, context.GetModel("judge"))).UseRouter());

        var outcome = await rig.AskAsync(streamed: false);

        Assert.That(outcome.Error, Is.TypeOf<BudgetExceededException>());
        Assert.That(judge.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_OfTwoPipelinesWithALimitOfOneName_SpendsOneAccount([Values("shared", "Shared")] string name)
    {
        using var rig = Two(outer => outer.UseBudget(budget => budget.Global("shared", 30, BudgetWindow.Lifetime)), inner => inner.UseBudget(budget => budget.Global(name, 30, BudgetWindow.Lifetime)));
        await rig.AskAsync(streamed: false);

        var second = await Outcome.OfAsync(rig.Services.GetRequiredKeyedService<IChatClient>("inner"), streamed: false, BudgetRig.Call());

        Assert.That(second.Error, Is.TypeOf<BudgetExceededException>());
    }

    [Test]
    public async Task Ask_OfAPipelineInAPipelineWithALimitOfOneName_CountsOnce([Values] bool streamed)
    {
        using var rig = Nested(budget => budget.Global("shared", 100, BudgetWindow.Lifetime), budget => budget.Global("shared", 100, BudgetWindow.Lifetime));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(rig.Spent("shared"), Is.EqualTo(11m).And.EqualTo(outcome.Call!.Cost));
    }

    [TestCase(100, 10)]
    [TestCase(10, 100)]
    public async Task Ask_OfAPipelineInAPipelineWithDifferentAmounts_IsHeldToTheLess(int outer, int inner)
    {
        using var rig = Nested(budget => budget.Global("shared", outer, BudgetWindow.Lifetime), budget => budget.Global("shared", inner, BudgetWindow.Lifetime));

        var outcome = await rig.AskAsync(streamed: false);

        Assert.That(outcome.Error, Is.TypeOf<BudgetExceededException>().With.Property("Amount").EqualTo(10m));
    }

    [Test]
    public async Task Ask_OfAnEnforcingPipelineInAnObservingOne_IsHeldToTheInnerLimit([Values] bool streamed)
    {
        using var rig = Nested(
            budget => budget.Global("watched", 1, BudgetWindow.Lifetime).Observe = true,
            budget => budget.Global("held", 10, BudgetWindow.Lifetime));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<BudgetExceededException>().With.Property("Limit").EqualTo("held"));
    }

    [Test]
    public async Task Ask_OfAnObservingPipelineInAnEnforcingOne_RecordsTheInnerLimit([Values] bool streamed)
    {
        using var rig = Nested(
            budget => budget.Global("held", 100, BudgetWindow.Lifetime),
            budget => budget.Global("watched", 1, BudgetWindow.Lifetime).Observe = true);

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "would be refused" }));
    }

    [Test]
    public async Task Ask_OfAPipelineInAPipelineWithLimitsOnEachCall_HoldsBoth([Values] bool streamed)
    {
        using var rig = Nested(budget => budget.PerCall("each", 100), budget => budget.PerCall("each", 10));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<BudgetExceededException>().With.Property("Amount").EqualTo(10m));
    }

    [Test]
    public async Task Ask_WithLimitsOfOneNameOnDifferentScopes_KeepsTheirAccountsApart()
    {
        using var rig = Two(
            outer => outer.UseBudget(budget => budget.PerTenant("l", 1000, BudgetWindow.Lifetime)),
            inner => inner.UseBudget(budget => budget.PerFeature("l", 1000, BudgetWindow.Lifetime)));

        await rig.AskAsync(streamed: false, BudgetRig.Call(tenant: "same", feature: "same"));

        Assert.That((rig.Spent("l", BudgetScope.Tenant, "same"), rig.Spent("l", BudgetScope.Feature, "same")), Is.EqualTo((11m, 0m)));
    }

    private static BudgetRig Two(Action<LlmPipelineBuilder> outer, Action<LlmPipelineBuilder> inner) => new(
        builder => outer(builder.AddPriced("model", Answer)),
        more: services => inner(services.AddLlmPipeline("inner").AddPriced("model", Answer)));

    private static BudgetRig Nested(Action<BudgetOptions> outer, Action<BudgetOptions> inner) => Two(
        builder => builder.UseBudget(outer).Use((_, context) => new PassingChatClient(context.Services.GetRequiredKeyedService<IChatClient>("inner"))),
        builder => builder.UseBudget(inner));

    private sealed class PassingChatClient(IChatClient inner) : DelegatingChatClient(inner);
}
