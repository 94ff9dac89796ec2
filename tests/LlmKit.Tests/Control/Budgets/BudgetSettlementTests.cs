using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

/// <summary>Whatever the end of a call, its money is settled or given back.</summary>
public class BudgetSettlementTests
{
    private static readonly ScriptedAnswer Two = ScriptedAnswer.Text("a", "b");

    [Test]
    public async Task Ask_FailedBeforeAnAnswer_CostsNothing([Values] bool streamed)
    {
        using var rig = Rig(ScriptedAnswer.Throws(new HttpRequestException("busy", null, System.Net.HttpStatusCode.TooManyRequests)));

        await rig.AskAsync(streamed);

        AssertSettled(rig, 0);
    }

    [Test]
    public async Task Stream_BrokenAfterContent_CostsWhatWasSeen()
    {
        using var rig = Rig(Two with { Failure = new IOException("cut"), FailAfterChunks = 1 });

        var outcome = await rig.AskAsync(streamed: true);

        Assert.That(outcome.Text, Is.EqualTo("a"));
        AssertSettled(rig, outcome.Call!.Cost);
        Assert.That(outcome.Call.Cost, Is.GreaterThan(0));
    }

    [Test]
    public async Task Stream_LeftEarly_CostsWhatWasSeen()
    {
        using var rig = Rig(Two);

        await foreach (var _ in rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call()))
            break;

        AssertSettled(rig, 6);
    }

    [Test]
    public void Stream_NeverEnumerated_ReservesNothing()
    {
        using var rig = Rig(Two);

        _ = rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call());

        AssertSettled(rig, 0);
    }

    [Test]
    public async Task Stream_NeverMoved_ReservesNothing()
    {
        using var rig = Rig(Two);

        await using (rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call()).GetAsyncEnumerator())
        {
        }

        AssertSettled(rig, 0);
    }

    [Test]
    public async Task Stream_EnumeratedTwice_IsTwoCalls()
    {
        using var rig = Rig(Two);
        var stream = rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call());

        await foreach (var _ in stream)
        {
        }

        await foreach (var _ in stream)
        {
        }

        AssertSettled(rig, 24);
    }

    [Test]
    public async Task Ask_CancelledBeforeTheFirstMove_CostsNothing([Values] bool streamed)
    {
        using var rig = Rig(Two);

        var outcome = await rig.AskAsync(streamed, cancellationToken: new(canceled: true));

        Assert.That(outcome.Error, Is.InstanceOf<OperationCanceledException>());
        AssertSettled(rig, 0);
    }

    [Test]
    public async Task Ask_CancelledWhileItWaits_CostsItsPrompt([Values] bool streamed)
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Hangs());
        using var rig = Rig(model);
        using var cancel = new CancellationTokenSource();
        var asking = rig.AskAsync(streamed, cancellationToken: cancel.Token);

        await cancel.CancelAsync();
        var outcome = await asking;

        Assert.That(outcome.Call!.Attempts, Has.Count.EqualTo(1));
        AssertSettled(rig, 5);
    }

    [Test]
    public async Task Stream_LeftWhileAMoveIsPending_IsSettled()
    {
        using var rig = Rig(Two with { HangAfterChunks = 1 });
        var stream = rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call()).GetAsyncEnumerator();
        await stream.MoveNextAsync();
        var pending = stream.MoveNextAsync();

        await stream.DisposeAsync();

        Assert.That(async () => await pending, Throws.InstanceOf<OperationCanceledException>());
        AssertSettled(rig, 6);
    }

    [Test]
    public async Task Stream_AbandonedAndCollected_IsSettled()
    {
        using var rig = Rig(Two);
        await BeginAndForgetAsync(rig);

        for (var i = 0; i < 200 && rig.Memory.OpenReservations > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        AssertSettled(rig, 6);
    }

    [Test]
    public async Task Stream_WithoutAFinishReason_CostsWhatCame()
    {
        using var rig = Rig(Two with { FinishReason = null });

        var outcome = await rig.AskAsync(streamed: true);

        Assert.That(outcome.Error, Is.TypeOf<TruncatedAnswerException>());
        AssertSettled(rig, 12);
    }

    [Test]
    public async Task Ask_EndedByItsDeadline_IsSettled([Values] bool streamed)
    {
        using var rig = Rig(ScriptedAnswer.Hangs());
        var options = BudgetRig.Call();
        options.Deadline = rig.Clock.GetUtcNow().AddSeconds(5);
        var asking = rig.AskAsync(streamed, options);

        rig.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That((await asking).Error, Is.TypeOf<LlmTimeoutException>());
        AssertSettled(rig, 5);
    }

    [Test]
    public async Task Ask_RepeatedAfterAFailure_PaysEachAttemptOnce([Values] bool streamed)
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Throws(new IOException("cut")), Two);
        using var rig = new BudgetRig(builder => builder
            .AddPriced("model", model).UseBudget(budget => budget.Global("all", 1_000, BudgetWindow.Lifetime)).UseResilience(options => options.Randomizer = () => 0));

        var outcome = await rig.Clock.FinishAsync(rig.AskAsync(streamed));

        Assert.That(outcome.Text, Is.EqualTo("ab"));
        Assert.That(outcome.Call!.Attempts.Select(attempt => attempt.Spent.ToUsd()), Is.EqualTo(new[] { 5m, 12m }));
        AssertSettled(rig, 17);
    }

    [Test]
    public async Task Ask_RepeatedWhenTheMoneyIsGone_IsRefusedBeforeTheRepetition([Values] bool streamed)
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Throws(new IOException("cut")), Two);
        using var rig = new BudgetRig(builder => builder
            .AddPriced("model", model).UseBudget(budget => budget.Global("all", 29, BudgetWindow.Lifetime)).UseResilience(options => options.Randomizer = () => 0));

        var outcome = await rig.Clock.FinishAsync(rig.AskAsync(streamed));

        Assert.That(outcome.Error, Is.TypeOf<AttemptsExhaustedException>());
        Assert.That(((AttemptsExhaustedException)outcome.Error!).Failures[1], Is.InstanceOf<BudgetExceededException>());
        Assert.That(model.Requests, Has.Count.EqualTo(1));
        AssertSettled(rig, 5);
    }

    [Test]
    public async Task Ask_RefusedByAnotherLimitOfTheCall_GivesTheReservationBack([Values] bool streamed)
    {
        using var rig = Rig(Two);
        var options = BudgetRig.Call();
        options.MaxCost = 1;

        await rig.AskAsync(streamed, options);

        AssertSettled(rig, 0);
    }

    [Test]
    public async Task Stream_ThatLivesLongerThanItsLease_IsKeptByItsOwnUpdates()
    {
        using var rig = new BudgetRig(builder => builder
            .AddModel("model", services => new ScriptedChatClient((_, _) => ScriptedAnswer.Text([.. Enumerable.Repeat("x ", 200)]) with { DelayBetween = TimeSpan.FromSeconds(15) }, (TimeProvider)services.GetService(typeof(TimeProvider))!), model => model.Price = BudgetRig.DollarPerToken)
            .UseBudget(budget => budget.Global("all", 1000, BudgetWindow.Lifetime)));
        await using var stream = rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call(500)).GetAsyncEnumerator();
        for (var i = 0; i < 150; i++)
        {
            var move = stream.MoveNextAsync();
            if (!move.IsCompleted)
                rig.Clock.Advance(TimeSpan.FromSeconds(15));
            await move;
        }

        Assert.That(rig.Balance("all").Spent.Money.ToUsd(), Is.Zero);
        Assert.That(rig.Balance("all").Reserved.Money.ToUsd(), Is.EqualTo(505m));
    }

    private static BudgetRig Rig(ScriptedAnswer answer) => Rig(new ScriptedChatClient(answer));

    private static BudgetRig Rig(ScriptedChatClient model) => BudgetRig.For(model, budget => budget.Global("all", 1000, BudgetWindow.Lifetime));

    private static void AssertSettled(BudgetRig rig, decimal spent)
    {
        Assert.That(rig.Memory.OpenReservations, Is.Zero);
        Assert.That(rig.Reserved("all"), Is.Zero);
        Assert.That(rig.Spent("all"), Is.EqualTo(spent));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static async Task BeginAndForgetAsync(BudgetRig rig)
    {
        var stream = rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call()).GetAsyncEnumerator();
        await stream.MoveNextAsync();
    }
}
