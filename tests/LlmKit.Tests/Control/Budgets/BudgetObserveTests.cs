using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

public class BudgetObserveTests
{
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("ok"));

    [Test]
    public async Task Ask_BeyondTheLimit_IsAnsweredAndRecorded([Values] bool streamed, [Values] BudgetScope scope)
    {
        using var rig = BudgetRig.For(_model, budget =>
        {
            budget.Limits["l"] = BudgetRig.Limit(scope, 10);
            budget.Observe = true;
        });

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "would be refused" }));
    }

    [Test]
    public async Task Ask_WithinTheLimit_RecordsNothing([Values] bool streamed)
    {
        using var rig = BudgetRig.For(_model, budget => budget.Global("all", 25, BudgetWindow.Lifetime).Observe = true);

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Decisions, Is.Empty);
    }

    [Test]
    public async Task Ask_BeyondTheLimit_IsNotShortened()
    {
        using var rig = BudgetRig.For(_model, budget => budget.Global("all", 10, BudgetWindow.Lifetime).Observe = true);

        await rig.AskAsync(streamed: false, new LlmCallOptions());

        Assert.That(_model.Requests[0].Options!.MaxOutputTokens, Is.EqualTo(4_096));
    }

    [Test]
    public async Task Ask_BeyondTheLimit_IsBookedAllTheSame([Values] bool streamed)
    {
        using var rig = BudgetRig.For(_model, budget => budget.Global("all", 10, BudgetWindow.Lifetime).Observe = true);

        await rig.AskAsync(streamed);

        Assert.That(rig.Spent("all"), Is.EqualTo(11m));
        Assert.That(rig.Memory.OpenReservations, Is.Zero);
    }

    [Test]
    public async Task Ask_WithoutItsTenant_IsAnsweredAndRecorded([Values] bool streamed)
    {
        using var rig = BudgetRig.For(_model, budget => budget.PerTenant("t", 100, BudgetWindow.Lifetime).Observe = true);

        var outcome = await rig.AskAsync(streamed, BudgetRig.Call(tenant: null));

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "would be refused" }));
    }

    [Test]
    public async Task Ask_OfAModelWithoutAPrice_IsAnswered([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddModel("model", _model).UseBudget(budget => budget.Global("all", 10, BudgetWindow.Lifetime).Observe = true));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
    }
}
