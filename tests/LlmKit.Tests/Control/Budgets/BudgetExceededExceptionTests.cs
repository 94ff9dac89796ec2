using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

public class BudgetExceededExceptionTests
{
    [Test]
    public async Task Message_OfTheCallersOwnLimit_TellsWhatIsLeft()
    {
        using var rig = BudgetRig.For(ScriptedAnswer.Text("ok"), budget => budget.PerTenant("daily", 30, BudgetWindow.Daily));
        await rig.AskAsync(streamed: false);

        var refusal = (BudgetExceededException)(await rig.AskAsync(streamed: false)).Error!;

        Assert.That(refusal.Message, Is.EqualTo(
            "The limit 'daily' (Tenant) of 30 USD has 19 USD left and an attempt on the model 'model' may cost 25 USD. It starts anew at 2026-01-02 00:00:00Z. Raise the limit, set MaxOutputTokens, or use a cheaper model."));
        Assert.That(refusal.Spent, Is.EqualTo(11m));
    }

    [TestCase(BudgetScope.Global)]
    [TestCase(BudgetScope.Feature)]
    [TestCase(BudgetScope.Model)]
    public async Task Message_OfALimitThatOthersShare_TellsNothingOfTheirSpend(BudgetScope scope)
    {
        using var rig = BudgetRig.For(ScriptedAnswer.Text("ok"), budget => budget.Limits["shared"] = BudgetRig.Limit(scope, 30));
        await rig.AskAsync(streamed: false, BudgetRig.Call(tenant: "other"));

        var refusal = (BudgetExceededException)(await rig.AskAsync(streamed: false)).Error!;

        Assert.That(refusal.Message, Does.Not.Contain("11").And.Not.Contain("19"));
        Assert.That((refusal.Spent, refusal.Reserved), Is.EqualTo(((decimal?)null, (decimal?)null)));
    }

    [Test]
    public async Task Message_OfTheAccountOfUnnamedCalls_TellsNothingOfTheirSpend()
    {
        using var rig = BudgetRig.For(ScriptedAnswer.Text("ok"), budget => budget.PerTenant("t", 30, BudgetWindow.Lifetime).MissingIdentity = MissingIdentity.Share);
        await rig.AskAsync(streamed: false, BudgetRig.Call(tenant: null));

        var refusal = (BudgetExceededException)(await rig.AskAsync(streamed: false, BudgetRig.Call(tenant: null))).Error!;

        Assert.That(refusal.Spent, Is.Null);
    }

    [Test]
    public async Task Message_OfAnOverdrawnLimit_SaysThatNothingIsLeft()
    {
        var overdraws = ScriptedAnswer.Text("ok") with { Usage = new() { InputTokenCount = 500, OutputTokenCount = 1 } };
        using var rig = BudgetRig.For(overdraws, budget => budget.PerTenant("t", 30, BudgetWindow.Lifetime));
        await rig.AskAsync(streamed: false);

        var refusal = (await rig.AskAsync(streamed: false)).Error!;

        Assert.That(refusal.Message, Does.Contain("has 0 USD left"));
    }

    [Test]
    public async Task Message_OfAnyRefusal_HoldsNoPromptAndNoName([Values] BudgetScope scope)
    {
        using var rig = BudgetRig.For(ScriptedAnswer.Text("ok"), budget => budget.Limits["l"] = BudgetRig.Limit(scope, 0));

        var outcome = await Outcome.OfAsync(rig.Chat, streamed: false, BudgetRig.Call(tenant: "t-name", user: "u-name", feature: "f-name"), prompt: "my secret");

        Assert.That(outcome.Error!.ToString(), Does.Not.Contain("my secret").And.Not.Contain("-name"));
        Assert.That(string.Join(" ", outcome.Call!.Steps), Does.Not.Contain("my secret").And.Not.Contain("-name"));
    }
}
