using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

[TestFixture(false)]
[TestFixture(true)]
public sealed class BudgetRollingWindowTests(bool streamed)
{
    private static readonly ScriptedAnswer Answer = ScriptedAnswer.Text("ok");

    [Test]
    public async Task Ask_WhenTheMoneyIsGone_IsLetThroughWhenTheOldestSpendHasLeftTheWindow()
    {
        using var rig = Rig();
        await rig.AskAsync(streamed);
        rig.Clock.Advance(TimeSpan.FromHours(3));
        await rig.AskAsync(streamed);

        rig.Clock.Advance(TimeSpan.FromHours(21));
        var early = await rig.AskAsync(streamed);
        rig.Clock.Advance(TimeSpan.FromHours(0.4) + TimeSpan.FromTicks(1));
        var late = await rig.AskAsync(streamed);

        Assert.That(early.Error, Is.TypeOf<BudgetExceededException>(), "a window of 24 hours counts a little more than that, never less");
        Assert.That(late.Error, Is.Null);
    }

    [Test]
    public async Task Ask_Refused_SaysWhenSomethingLeavesTheWindow()
    {
        using var rig = Rig();
        var start = rig.Clock.GetUtcNow();
        await rig.AskAsync(streamed);
        await rig.AskAsync(streamed);

        var refusal = (BudgetExceededException)(await rig.AskAsync(streamed)).Error!;

        Assert.That(refusal.ResetsAt, Is.EqualTo(start + TimeSpan.FromHours(24.4)));
        Assert.That(refusal.RetryAfter, Is.EqualTo(TimeSpan.FromHours(24.4)));
    }

    [Test]
    public async Task Ask_OverADayAtAnyTimes_NeverSpendsMoreThanTheLimitInAnyWindow()
    {
        using var rig = Rig(limit: 60);
        var random = new Random(7);
        var spent = new List<(DateTimeOffset At, decimal Cost)>();
        for (var i = 0; i < 400; i++)
        {
            var at = rig.Clock.GetUtcNow();
            if (await rig.AskAsync(streamed) is { Error: null } outcome)
                spent.Add((at, outcome.Call!.Cost));
            rig.Clock.Advance(TimeSpan.FromMinutes(random.Next(1, 120)));
        }

        Assert.That(spent.Select(one => spent.Where(other => other.At <= one.At && other.At > one.At - TimeSpan.FromDays(1)).Sum(other => other.Cost)), Has.All.LessThanOrEqualTo(60m));
        Assert.That(spent, Has.Count.GreaterThan(40), "and it lets through nearly what it may");
    }

    private static BudgetRig Rig(decimal limit = 36) => BudgetRig.For(Answer, budget => budget.Limit("day", day =>
        (day.Scope, day.Amount, day.Window, day.Length) = (BudgetScope.Tenant, limit, BudgetWindow.Rolling, TimeSpan.FromDays(1))));
}
