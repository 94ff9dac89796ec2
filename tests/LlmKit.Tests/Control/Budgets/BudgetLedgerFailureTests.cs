using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

public class BudgetLedgerFailureTests
{
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("ok"));
    private readonly ManualTimeProvider _clock = new();
    private readonly InMemoryBudgetLedger _memory;

    public BudgetLedgerFailureTests() => _memory = new(_clock);

    [Test]
    public async Task Ask_WhenTheLedgerThrows_IsRefusedByDefault([Values] bool streamed)
    {
        using var rig = BudgetRig.For(_model, budget => Limit(budget), new ThrowingBudgetLedger(_memory, "headroom", "reserve"));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Message.Contains("WhenLedgerFails").And.Message.Not.Contains("secret-host"));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WhenTheLedgerThrowsAndThatIsAllowed_IsRecordedAsNotEvaluated([Values] bool streamed)
    {
        using var rig = BudgetRig.For(_model, budget => Limit(budget).WhenLedgerFails = WhenLedgerFails.Allow, new ThrowingBudgetLedger(_memory, "headroom", "reserve"));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "not-evaluated" }));
    }

    [Test]
    public async Task Ask_WhenTheLedgerFailsButTheCallHasItsOwnLimit_IsHeldToThat()
    {
        using var rig = BudgetRig.For(
            _model, budget => Limit(budget).PerCall("each", 10).WhenLedgerFails = WhenLedgerFails.Allow, new ThrowingBudgetLedger(_memory, "headroom", "reserve"));

        var outcome = await rig.AskAsync(streamed: false);

        Assert.That(outcome.Error, Is.TypeOf<BudgetExceededException>().With.Property("Limit").EqualTo("each"));
    }

    [Test]
    public async Task Ask_WhenOnlyReadingFails_IsStillReserved([Values] bool streamed)
    {
        using var rig = BudgetRig.For(_model, budget => Limit(budget), new ThrowingBudgetLedger(_memory, "headroom"));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(Spent(), Is.EqualTo(11m));
    }

    [Test]
    public async Task Ask_WhenSettlingFails_KeepsTheAnswerAndTheMoneyHeld([Values] bool streamed)
    {
        using var rig = BudgetRig.For(_model, budget => Limit(budget), new ThrowingBudgetLedger(_memory, "settle", "renew"));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(_memory.OpenReservations, Is.EqualTo(1));
    }

    [Test]
    public async Task Ask_WhenSettlingFailed_BooksTheReservationOnceItsLeaseHasRunOut()
    {
        using var rig = BudgetRig.For(_model, budget => Limit(budget), new ThrowingBudgetLedger(_memory, "settle"));
        await rig.AskAsync(streamed: false);

        _clock.Advance(TimeSpan.FromMinutes(10));

        Assert.That(Spent(), Is.EqualTo(25m));
    }

    [Test]
    public async Task Ask_WhenTheLedgerHangs_IsRefusedWhenItsTimeIsUp([Values] bool streamed)
    {
        var slow = new SlowBudgetLedger(_memory);
        using var rig = BudgetRig.For(_model, budget => Limit(budget), slow);
        var asking = rig.AskAsync(streamed);
        await slow.Asked.Task;

        rig.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.That((await asking).Error, Is.TypeOf<AttemptRefusedException>().With.Message.Contains("ledger"));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WhenTheLedgerReservesAfterItsTimeWasUp_GivesTheMoneyBack([Values] bool streamed)
    {
        var slow = new SlowBudgetLedger(_memory);
        using var rig = BudgetRig.For(_model, budget => Limit(budget), slow);
        var asking = rig.AskAsync(streamed);
        await slow.Asked.Task;
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        await asking;

        slow.Go();

        Assert.That(await Eventually.IsAsync(() => _memory.OpenReservations == 0), Is.True);
        Assert.That(Spent(), Is.Zero);
    }

    [Test]
    public async Task Ask_CancelledWhileTheLedgerReserves_GivesTheMoneyBack([Values] bool streamed)
    {
        var slow = new SlowBudgetLedger(_memory);
        using var rig = BudgetRig.For(_model, budget => Limit(budget), slow);
        using var cancel = new CancellationTokenSource();
        var asking = rig.AskAsync(streamed, cancellationToken: cancel.Token);
        await slow.Asked.Task;
        await cancel.CancelAsync();
        var outcome = await asking;

        slow.Go();

        Assert.That(outcome.Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(await Eventually.IsAsync(() => _memory.OpenReservations == 0), Is.True);
    }

    [Test]
    public async Task Ask_WhenTheLedgerAnswersInTime_GoesOn([Values] bool streamed)
    {
        var slow = new SlowBudgetLedger(_memory);
        using var rig = BudgetRig.For(_model, budget => Limit(budget), slow);
        var asking = rig.AskAsync(streamed);
        await slow.Asked.Task;

        slow.Go();

        Assert.That((await asking).Text, Is.EqualTo("ok"));
        Assert.That(Spent(), Is.EqualTo(11m));
    }

    [Test]
    public async Task Ask_WhenTheLedgerFailsUnderObservation_GoesOn([Values] bool streamed)
    {
        using var rig = BudgetRig.For(_model, budget => Limit(budget).Observe = true, new ThrowingBudgetLedger(_memory, "headroom", "reserve"));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "would be not-evaluated" }));
    }

    private static BudgetOptions Limit(BudgetOptions budget) => budget.Global("all", 100, BudgetWindow.Lifetime);

    private decimal Spent() => _memory.ReadAsync(new("all", BudgetScope.Global, "", DateTimeOffset.MinValue, DateTimeOffset.MaxValue), DateTimeOffset.MaxValue, default).Result.Spent.Money.ToUsd();
}
