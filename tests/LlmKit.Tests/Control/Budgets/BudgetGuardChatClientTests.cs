using LlmKit.Control.Budgets;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

public class BudgetGuardChatClientTests
{
    private static readonly ScriptedAnswer Answer = ScriptedAnswer.Text("ok");

    [Test]
    public async Task Ask_WithinTheLimit_BooksWhatItCost([Values] bool streamed)
    {
        using var rig = BudgetRig.For(Answer, budget => budget.Global("all", 100, BudgetWindow.Lifetime));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.Null);
        Assert.That(rig.Spent("all"), Is.EqualTo(11m).And.EqualTo(outcome.Call!.Cost));
        Assert.That(rig.Reserved("all"), Is.Zero);
    }

    [Test]
    public async Task Ask_AtTheVeryLimit_IsLetThrough([Values] bool streamed)
    {
        using var rig = BudgetRig.For(Answer, budget => budget.Global("all", 25, BudgetWindow.Lifetime));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.Null);
    }

    [Test]
    public async Task Ask_BeyondTheLimit_IsRefusedBeforeAnythingIsSent([Values] bool streamed, [Values] BudgetScope scope)
    {
        var model = new ScriptedChatClient(Answer);
        using var rig = BudgetRig.For(model, budget => budget.Limits["tight"] = BudgetRig.Limit(scope, 10));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<BudgetExceededException>().With.Property("Limit").EqualTo("tight").And.Property("Scope").EqualTo(scope));
        Assert.That(model.Requests, Is.Empty);
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "refused" }));
    }

    [TestCase(BudgetScope.Tenant, "beta", "u1", "triage", false)]
    [TestCase(BudgetScope.User, "acme", "u2", "triage", false)]
    [TestCase(BudgetScope.User, "beta", "u1", "triage", false)]
    [TestCase(BudgetScope.Feature, "acme", "u1", "reply", false)]
    [TestCase(BudgetScope.Global, "beta", "u2", "reply", true)]
    [TestCase(BudgetScope.Tenant, "acme", "u2", "reply", true)]
    [TestCase(BudgetScope.User, "acme", "u1", "reply", true)]
    [TestCase(BudgetScope.Feature, "beta", "u2", "triage", true)]
    public async Task Ask_AfterAnotherSpentTheMoney_IsRefusedOnlyWithinTheScope(BudgetScope scope, string tenant, string user, string feature, bool isRefused)
    {
        using var rig = BudgetRig.For(Answer, budget => budget.Limits["l"] = BudgetRig.Limit(scope, 30));
        await rig.AskAsync(streamed: false);

        var outcome = await rig.AskAsync(streamed: false, BudgetRig.Call(20, tenant, user, feature));

        Assert.That(outcome.Error is BudgetExceededException, Is.EqualTo(isRefused));
    }

    [Test]
    public async Task Ask_WhenOneModelsMoneyIsGone_LetsAnotherModelAnswer([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("dear", ScriptedAnswer.Text("from dear")).AddPriced("spare", ScriptedAnswer.Text("from spare"))
            .UseBudget(budget => budget.PerModel("each", 30, BudgetWindow.Lifetime)).UseRouter());
        await rig.AskAsync(streamed);

        var second = await rig.AskAsync(streamed);

        Assert.That(second.Text, Is.EqualTo("from spare"));
        Assert.That(rig.Spent("each", BudgetScope.Model, "dear"), Is.EqualTo(11m));
        Assert.That(rig.Spent("each", BudgetScope.Model, "spare"), Is.EqualTo(11m));
    }

    [Test]
    public async Task Ask_WhenOneModelsMoneyIsGone_TakesNothingFromTheCallForIt([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("dear", Answer).AddPriced("spare", ScriptedAnswer.Text("from spare"))
            .UseBudget(budget => budget.PerModel("each", 30, BudgetWindow.Lifetime).PerCall("call", 40)).UseRouter());
        await rig.AskAsync(streamed);

        var second = await rig.AskAsync(streamed);

        Assert.That(second.Text, Is.EqualTo("from spare"));
    }

    [Test]
    public async Task Ask_WithLimitsOfFiveScopes_ChargesEachOnce([Values] bool streamed)
    {
        using var rig = BudgetRig.For(Answer, FiveScopes);

        await rig.AskAsync(streamed);

        Assert.That(
            new[] { rig.Spent("g"), rig.Spent("t", BudgetScope.Tenant, "acme"), rig.Spent("u", BudgetScope.User, "acme\u001fu1"), rig.Spent("f", BudgetScope.Feature, "triage"), rig.Spent("m", BudgetScope.Model, "model") },
            Is.All.EqualTo(11m));
        Assert.That(rig.Memory.OpenReservations, Is.Zero);
    }

    [Test]
    public async Task Ask_RefusedByTheLastOfSeveralLimits_ReservesNothingOnTheOthers()
    {
        using var rig = BudgetRig.For(Answer, budget => budget.Global("wide", 100, BudgetWindow.Lifetime).PerTenant("tight", 10, BudgetWindow.Lifetime));

        await rig.AskAsync(streamed: false);

        Assert.That(rig.Reserved("wide"), Is.Zero);
        Assert.That(rig.Memory.OpenReservations, Is.Zero);
    }

    [Test]
    public async Task Ask_WithALimitOnEachCall_StartsEachCallAnew([Values] bool streamed)
    {
        using var rig = BudgetRig.For(Answer, budget => budget.PerCall("each", 26));

        await rig.AskAsync(streamed);
        var second = await rig.AskAsync(streamed);

        Assert.That(second.Error, Is.Null);
    }

    [Test]
    public async Task Ask_WithALimitOnEachCall_CountsAllItsAttemptsTogether([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("first", ScriptedAnswer.Text("half") with { FinishReason = ChatFinishReason.Length })
            .AddPriced("second", Answer)
            .UseBudget(budget => budget.PerCall("each", 30)).UseRouter(router => router.Cascade("first", "second")));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<BudgetExceededException>().With.Property("Spent").EqualTo(11m));
    }

    [Test]
    public async Task Ask_WithALimitOnEachCallNamedLikeTheConstraint_HoldsBoth()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", Answer)
            .WithConstraints(constraints => constraints.CostPerCall = 100).UseBudget(budget => budget.PerCall("cost", 10)));

        var outcome = await rig.AskAsync(streamed: false);

        Assert.That(outcome.Error, Is.TypeOf<BudgetExceededException>());
    }

    [Test]
    public async Task Ask_WithoutAnOutputLimit_AsksForWhatTheMoneyAffords([Values] bool streamed)
    {
        var model = new ScriptedChatClient(Answer);
        using var rig = BudgetRig.For(model, budget => budget.Global("all", 105, BudgetWindow.Lifetime));

        await rig.AskAsync(streamed, new LlmCallOptions());

        Assert.That(model.Requests[0].Options!.MaxOutputTokens, Is.EqualTo(100));
    }

    [Test]
    public async Task Ask_OfAModelWithoutAPrice_IsRefused([Values] bool streamed)
    {
        var model = new ScriptedChatClient(Answer);
        using var rig = new BudgetRig(builder => builder.AddModel("model", model).UseBudget(budget => budget.Global("all", 100, BudgetWindow.Lifetime)));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Message.Contains("has no price"));
        Assert.That(model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_OfAFreeModel_IsLetThroughWithoutAnyMoney([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddModel("model", new ScriptedChatClient(Answer), model => model.Price = ModelPrice.Free)
            .UseBudget(budget => budget.Global("all", 0, BudgetWindow.Lifetime)));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
    }

    [Test]
    public async Task Ask_OfAFreeModelWhenTheLimitIsOverdrawn_IsLetThrough([Values] bool streamed)
    {
        var overdraws = ScriptedAnswer.Text("dear") with { Usage = new() { InputTokenCount = 500, OutputTokenCount = 1 } };
        using var rig = new BudgetRig(builder => builder
            .AddPriced("dear", overdraws).AddModel("free", new ScriptedChatClient(Answer), model => model.Price = ModelPrice.Free)
            .UseBudget(budget => budget.Global("all", 100, BudgetWindow.Lifetime)).UseRouter());
        await rig.AskAsync(streamed);

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
    }

    [Test]
    public async Task Ask_OfAFreeModelThatFallsBackToAPaidOne_HoldsThePaidOneToTheLimit([Values] bool streamed)
    {
        var paid = new ScriptedChatClient(Answer);
        using var rig = new BudgetRig(builder => builder
            .AddModel("free", new ScriptedChatClient(ScriptedAnswer.Throws(new HttpRequestException("down"))), model => model.Price = ModelPrice.Free)
            .AddPriced("paid", paid)
            .UseBudget(budget => budget.Global("all", 10, BudgetWindow.Lifetime)).UseRouter());

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptsExhaustedException>());
        Assert.That(paid.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WhenTheProviderReportsMoreThanWasReserved_BooksItInFull([Values] bool streamed)
    {
        using var rig = BudgetRig.For(Answer with { Usage = new() { InputTokenCount = 500, OutputTokenCount = 1 } }, budget => budget.Global("all", 100, BudgetWindow.Lifetime));

        await rig.AskAsync(streamed);

        Assert.That(rig.Spent("all"), Is.EqualTo(501m));
    }

    [Test]
    public async Task Ask_WithoutItsTenant_IsRefusedByDefault([Values] bool streamed)
    {
        var model = new ScriptedChatClient(Answer);
        using var rig = BudgetRig.For(model, budget => budget.PerTenant("daily", 100, BudgetWindow.Daily));

        var outcome = await rig.AskAsync(streamed, BudgetRig.Call(tenant: null));

        Assert.That(outcome.Error, Is.TypeOf<MissingIdentityException>().With.Property("Reason").EqualTo(RefusalReason.Budget).And.Message.Contains("LlmCallOptions.Tenant"));
        Assert.That(model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WithoutItsTenantWhenSuchCallsShare_SpendsTheirOneAccount()
    {
        using var rig = BudgetRig.For(Answer, budget => budget.PerTenant("t", 30, BudgetWindow.Lifetime).MissingIdentity = MissingIdentity.Share);
        await rig.AskAsync(streamed: false, BudgetRig.Call(tenant: null));

        var second = await rig.AskAsync(streamed: false, BudgetRig.Call(tenant: null));

        Assert.That(second.Error, Is.TypeOf<BudgetExceededException>());
    }

    [Test]
    public async Task Ask_WithoutItsTenantWhenTheRuleSkipsSuchCalls_IsNotCharged()
    {
        using var rig = BudgetRig.For(Answer, budget => budget.PerTenant("t", 0, BudgetWindow.Lifetime).MissingIdentity = MissingIdentity.Skip);

        var outcome = await rig.AskAsync(streamed: false, BudgetRig.Call(tenant: null));

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(rig.Memory.Accounts, Is.Zero);
    }

    [Test]
    public async Task Ask_ThroughAMiddlewareThatDropsTheOptions_IsRefusedWithTheRemedy([Values] bool streamed)
    {
        var model = new ScriptedChatClient(Answer);
        using var rig = new BudgetRig(builder => builder.AddPriced("model", model)
            .UseBudget(budget => budget.Global("all", 100, BudgetWindow.Lifetime)).Use(inner => new OptionsDroppingChatClient(inner)));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Message.Contains("options.Clone()"));
        Assert.That(model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_ThroughAMiddlewareThatDropsTheOptionsOutsideTheGuard_IsStillHeldToTheLimit([Values] bool streamed)
    {
        var model = new ScriptedChatClient(Answer);
        using var rig = new BudgetRig(builder => builder.AddPriced("model", model)
            .Use(inner => new OptionsDroppingChatClient(inner)).UseBudget(budget => budget.Global("all", 4, BudgetWindow.Lifetime)));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<BudgetExceededException>());
        Assert.That(model.Requests, Is.Empty);
    }

    [Test]
    public async Task Constructor_AboveAMeteredModel_HoldsItToTheLimit([Values] bool streamed)
    {
        var model = LlmStages.Model("model", options => options.Price = BudgetRig.DollarPerToken)(new ScriptedChatClient(Answer), null!);
        using var guard = new BudgetGuardChatClient(model, new BudgetOptions().Global("all", 30, BudgetWindow.Lifetime), timeProvider: new ManualTimeProvider());

        var first = await Outcome.OfAsync(guard, streamed, BudgetRig.Call());
        var second = await Outcome.OfAsync(guard, streamed, BudgetRig.Call());

        Assert.That(first.Call!.Cost, Is.EqualTo(11m));
        Assert.That(second.Error, Is.TypeOf<BudgetExceededException>());
    }

    [Test]
    public void Constructor_AboveABareClient_SaysThatItCouldNotSeeTheSpending()
    {
        Assert.That(
            () => new BudgetGuardChatClient(new ScriptedChatClient(Answer), new BudgetOptions().Global("all", 30, BudgetWindow.Lifetime)),
            Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("LlmStages.Model"));
    }

    [Test]
    public async Task Budget_AsAFactory_SharesTheLedgerOfTheServices([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", Answer));
        var model = LlmStages.Model("model", options => options.Price = BudgetRig.DollarPerToken)(new ScriptedChatClient(Answer), rig.Services);
        using var guard = LlmStages.Budget(budget => budget.Global("all", 30, BudgetWindow.Lifetime))(model, rig.Services);

        await Outcome.OfAsync(guard, streamed, BudgetRig.Call());

        Assert.That(rig.Spent("all"), Is.EqualTo(11m));
    }

    [Test]
    public void Budget_AsAFactoryWithoutServices_BringsItsOwnLedger()
    {
        var model = LlmStages.Model("model")(new ScriptedChatClient(Answer), null!);

        Assert.That(() => LlmStages.Budget(budget => budget.Global("all", 30, BudgetWindow.Lifetime))(model, null!), Throws.Nothing);
    }

    private static void FiveScopes(BudgetOptions budget) => budget
        .Global("g", 100, BudgetWindow.Lifetime).PerTenant("t", 100, BudgetWindow.Lifetime).PerUser("u", 100, BudgetWindow.Lifetime)
        .PerFeature("f", 100, BudgetWindow.Lifetime).PerModel("m", 100, BudgetWindow.Lifetime);
}
