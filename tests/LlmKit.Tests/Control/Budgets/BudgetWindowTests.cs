using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

public class BudgetWindowTests
{
    private static readonly DateOnly NewYear = new(2026, 1, 1);
    private static readonly ScriptedAnswer Answer = ScriptedAnswer.Text("ok");

    [TestCase(BudgetWindow.Daily, 23.9, false)]
    [TestCase(BudgetWindow.Daily, 24, true)]
    [TestCase(BudgetWindow.Monthly, 31 * 24 - 0.1, false)]
    [TestCase(BudgetWindow.Monthly, 31 * 24, true)]
    [TestCase(BudgetWindow.Lifetime, 10 * 365 * 24, false)]
    public async Task Ask_WhenTheMoneyIsGone_IsLetThroughOnlyInTheNextWindow(BudgetWindow window, double hours, bool isLetThrough)
    {
        using var rig = BudgetRig.For(Answer, budget => budget.Global("all", 30, window));
        await rig.AskAsync(streamed: false);

        rig.Clock.Advance(TimeSpan.FromHours(hours));

        Assert.That((await rig.AskAsync(streamed: false)).Error is null, Is.EqualTo(isLetThrough));
    }

    [Test]
    public async Task Ask_InANewWindow_StartsFromNothingSpent()
    {
        using var rig = BudgetRig.For(Answer, budget => budget.Global("all", 30, BudgetWindow.Daily));
        await rig.AskAsync(streamed: false);
        rig.Clock.Advance(TimeSpan.FromDays(1));

        await rig.AskAsync(streamed: false);

        Assert.That(rig.Balance("all", start: NewYear.AddDays(1), end: NewYear.AddDays(2)).Spent.Money.ToUsd(), Is.EqualTo(11m));
    }

    [Test]
    public async Task Ask_StreamedOverMidnight_BelongsToTheDayItStarted()
    {
        var slow = ScriptedAnswer.Text("a", "b") with { DelayBetween = TimeSpan.FromHours(2) };
        using var rig = new BudgetRig(
            builder => builder.AddModel("model", services => new ScriptedChatClient((_, _) => slow, (TimeProvider)services.GetService(typeof(TimeProvider))!), model => model.Price = BudgetRig.DollarPerToken)
                .UseBudget(budget => budget.Global("all", 100, BudgetWindow.Daily)));
        rig.Clock.Advance(TimeSpan.FromHours(23));

        await Eventually.EndsAsync(rig.AskAsync(streamed: true), rig.Clock, TimeSpan.FromHours(1));

        Assert.That(rig.Balance("all", start: NewYear, end: NewYear.AddDays(1)).Spent.Money.ToUsd(), Is.EqualTo(12m));
        Assert.That(rig.Balance("all", start: NewYear.AddDays(1), end: NewYear.AddDays(2)).Spent.Money.ToUsd(), Is.Zero);
    }

    [Test]
    public async Task Ask_Refused_SaysWhenTheNextWindowBegins()
    {
        using var rig = BudgetRig.For(Answer, budget => budget.Global("all", 10, BudgetWindow.Monthly));
        rig.Clock.Advance(TimeSpan.FromDays(30));

        var refusal = (BudgetExceededException)(await rig.AskAsync(streamed: false)).Error!;

        Assert.That(refusal.ResetsAt, Is.EqualTo(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.That(refusal.RetryAfter, Is.EqualTo(TimeSpan.FromDays(1)));
    }

    [Test]
    public async Task Ask_RefusedForEver_NamesNoTime()
    {
        using var rig = BudgetRig.For(Answer, budget => budget.Global("all", 10, BudgetWindow.Lifetime));

        var refusal = (BudgetExceededException)(await rig.AskAsync(streamed: false)).Error!;

        Assert.That(refusal.ResetsAt, Is.Null);
        Assert.That(refusal.RetryAfter, Is.Null);
    }
}
