using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

/// <summary>What a limit does beside refusing.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class BudgetAtLimitTests(bool streamed)
{
    private static readonly ScriptedAnswer Answer = ScriptedAnswer.Text("ok");
    private readonly ScriptedChatClient _model = new(Answer);

    [Test]
    public async Task Ask_OfALimitThatShrinks_IsSentWithWhatIsLeftAndMarked()
    {
        using var rig = Rig(AtLimit.Shrink, 100);

        var outcome = await rig.AskAsync(streamed, BudgetRig.Call(most: 500));

        Assert.That(_model.Requests.Single().Options!.MaxOutputTokens, Is.EqualTo(95));
        Assert.That(outcome.Call!.Marks, Is.EqualTo(AnswerMarks.Shrunk));
    }

    [Test]
    public async Task Ask_OfALimitThatShrinksWithTooLittleLeft_IsRefused()
    {
        using var rig = Rig(AtLimit.Shrink, 20);

        var outcome = await rig.AskAsync(streamed, BudgetRig.Call(most: 500));

        Assert.That(outcome.Error, Is.TypeOf<BudgetExceededException>());
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_OfALimitThatRefuses_IsNotShrunk()
    {
        using var rig = Rig(AtLimit.Refuse, 100);

        Assert.That((await rig.AskAsync(streamed, BudgetRig.Call(most: 500))).Error, Is.TypeOf<BudgetExceededException>());
    }

    [TestCase(90, true)]
    [TestCase(900, false)]
    public async Task Ask_RoundOfAToolLoopThatIsTheLastToFit_MayCallNoTool(int limit, bool isLast)
    {
        using var rig = Rig(AtLimit.FinishWithoutTools, limit);
        ChatMessage[] messages =
        [
            new(ChatRole.User, "hi"),
            new(ChatRole.Assistant, [new FunctionCallContent("1", "one")]),
            new(ChatRole.Tool, [new FunctionResultContent("1", "1")]),
        ];
        var options = BudgetRig.Call(most: 40);
        options.Tools = [AIFunctionFactory.Create(() => 1, "one")];

        var call = await AskAsync(rig, messages, options);

        Assert.That(_model.Requests.Single().Options!.ToolMode, Is.EqualTo(isLast ? ChatToolMode.None : null));
        Assert.That(call.Steps.Count(step => step.Decision == "finished-without-tools"), Is.EqualTo(isLast ? 1 : 0));
    }

    [Test]
    public async Task Ask_FirstRoundOfAToolLoop_MayCallToolsThoughItIsTheLastToFit()
    {
        using var rig = Rig(AtLimit.FinishWithoutTools, 90);
        var options = BudgetRig.Call(most: 40);
        options.Tools = [AIFunctionFactory.Create(() => 1, "one")];

        await AskAsync(rig, [new(ChatRole.User, "hi")], options);

        Assert.That(_model.Requests.Single().Options!.ToolMode, Is.Null);
    }

    [Test]
    public async Task Ask_OfALimitThatWaits_GetsThroughWhenAnotherGivesMoneyBack()
    {
        using var rig = Rig(AtLimit.Wait, 40, number => number == 0 ? Answer with { Delay = TimeSpan.FromSeconds(3) } : Answer);
        var first = rig.AskAsync(streamed);
        var second = rig.AskAsync(streamed, WithDeadline(rig, 30));

        var outcome = await rig.Clock.FinishAsync(second, TimeSpan.FromMilliseconds(100));

        Assert.That(outcome.Error, Is.Null);
        Assert.That((await first).Error, Is.Null);
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "waited" }));
        Assert.That(outcome.Call!.Duration, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(rig.Balance("limit").Reserved.Money.ToUsd(), Is.Zero);
    }

    [Test]
    public async Task Ask_OfALimitThatWaitsForTheNextWindow_CountsInThatOne()
    {
        using var rig = Rig(AtLimit.Wait, 30, window: BudgetWindow.Daily);
        await rig.AskAsync(streamed);
        rig.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(20));

        var outcome = await rig.Clock.FinishAsync(rig.AskAsync(streamed, WithDeadline(rig, 60)), TimeSpan.FromSeconds(1));

        Assert.That(outcome.Error, Is.Null);
        var today = DateOnly.FromDateTime(rig.Clock.GetUtcNow().UtcDateTime);
        Assert.That(rig.Balance("limit", start: today, end: today.AddDays(1)).Spent.Money.ToUsd(), Is.EqualTo(11m));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Ask_WaitThatCannotHelp_IsRefusedAtOnce(bool hasDeadline)
    {
        using var rig = Rig(AtLimit.Wait, 30, window: BudgetWindow.Daily);
        await rig.AskAsync(streamed);

        var outcome = await rig.AskAsync(streamed, hasDeadline ? WithDeadline(rig, 60) : null);

        Assert.That(outcome.Error, Is.TypeOf<BudgetExceededException>());
        Assert.That(outcome.Call!.Duration, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task Ask_CancelledWhileItWaits_LeavesNoTrace()
    {
        using var rig = Rig(AtLimit.Wait, 40, number => number == 0 ? ScriptedAnswer.Hangs() : Answer);
        using var leave = new CancellationTokenSource();
        var first = rig.AskAsync(streamed, cancellationToken: leave.Token);
        using var cancel = new CancellationTokenSource();
        var waiting = rig.AskAsync(streamed, WithDeadline(rig, 30), cancel.Token);
        await ManualTimeExtensions.UntilAsync(() => rig.Clock.ActiveTimers == 2);

        await cancel.CancelAsync();
        var outcome = await waiting;
        await leave.CancelAsync();
        await first;

        Assert.That(outcome.Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That((rig.Memory.OpenReservations, rig.Clock.ActiveTimers, outcome.Call!.PendingAttempts), Is.EqualTo((0, 0, 0)));
    }

    private static LlmCallOptions WithDeadline(BudgetRig rig, double seconds)
    {
        var options = BudgetRig.Call();
        options.Deadline = rig.Clock.GetUtcNow() + TimeSpan.FromSeconds(seconds);
        return options;
    }

    private BudgetRig Rig(AtLimit atLimit, decimal amount, Func<int, ScriptedAnswer>? script = null, BudgetWindow window = BudgetWindow.Lifetime)
    {
        var clock = new ManualTimeProvider();
        var model = script is null ? _model : new ScriptedChatClient((number, _) => script(number), clock);
        return new(
            builder => builder.AddPriced("model", model).UseBudget(budget => budget.Limit("limit", limit =>
                (limit.Amount, limit.AtLimit, limit.Window) = (amount, atLimit, window))),
            time: clock);
    }

    private async Task<LlmCall> AskAsync(BudgetRig rig, ChatMessage[] messages, ChatOptions options)
    {
        if (!streamed)
            return (await rig.Chat.GetResponseAsync(messages, options)).GetCall();
        LlmCall? call = null;
        await foreach (var update in rig.Chat.GetStreamingResponseAsync(messages, options))
            call = update.GetCall() ?? call;
        return call!;
    }
}
