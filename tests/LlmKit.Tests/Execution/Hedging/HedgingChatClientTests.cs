using LlmKit.Execution.Hedging;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Hedging;

[TestFixture(false)]
[TestFixture(true)]
public sealed class HedgingChatClientTests(bool streamed)
{
    private static readonly (int, decimal) Nothing = (0, 0m);

    [Test]
    public async Task Ask_QuickAnswer_AsksOnce()
    {
        using var rig = HedgingRig.Of(HedgingRig.After(1.9, "first"));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("first"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
        Assert.That(outcome.Call!.Steps.OfType<HedgeStep>(), Is.Empty);
        Assert.That(await rig.LeftAsync(outcome), Is.EqualTo(Nothing));
    }

    [Test]
    public async Task Ask_SlowAnswer_IsGivenByTheSecondAttemptAndBothArePaid()
    {
        using var rig = HedgingRig.Of(HedgingRig.After(60, "first"), HedgingRig.After(1, "second"));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("second"));
        Assert.That(outcome.Call!.Duration, Is.EqualTo(HedgingRig.Delay + TimeSpan.FromSeconds(1)));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "hedged", "hedge-won" }));
        Assert.That(await rig.LeftAsync(outcome), Is.EqualTo(Nothing));
        Assert.That(outcome.Call.Attempts.Select(attempt => attempt.Failure?.Kind), Is.EquivalentTo(new ModelFailureKind?[] { null, ModelFailureKind.Cancelled }));
        Assert.That(outcome.Call.Attempts.Select(attempt => attempt.Cost), Has.All.Positive);
    }

    [Test]
    public async Task Ask_FirstAnswersAfterAll_WinsAndLeavesTheSecond()
    {
        using var rig = HedgingRig.Of(HedgingRig.After(3, "first"), HedgingRig.After(60, "second"));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("first"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "hedged", "hedge-lost" }));
        Assert.That(await rig.LeftAsync(outcome), Is.EqualTo(Nothing));
        Assert.That(outcome.Call!.Attempts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ask_LoserIsDeaf_IsNotWaitedFor()
    {
        using var rig = HedgingRig.Of(ScriptedAnswer.Hangs() with { IsDeaf = true }, ScriptedAnswer.Text("second"));

        var outcome = await rig.AskAsync(streamed);
        await outcome.Call!.WhenSettled;

        Assert.That(outcome.Text, Is.EqualTo("second"));
        Assert.That(outcome.Call.Attempts, Has.Count.EqualTo(2));
    }

    [TestCase(ModelFailureKind.Overloaded)]
    [TestCase(ModelFailureKind.Transient)]
    public async Task Ask_FirstFailsInPassing_IsAnsweredByTheSecondAtOnce(ModelFailureKind kind)
    {
        using var rig = HedgingRig.Of(Fails(kind), ScriptedAnswer.Text("second"));

        var outcome = await rig.StartAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("second"));
        Assert.That(outcome.Call!.Steps.OfType<HedgeStep>().Select(step => step.Reason), Is.EqualTo(new[] { "failed", null }));
        Assert.That(await rig.LeftAsync(outcome), Is.EqualTo(Nothing));
    }

    [TestCase(ModelFailureKind.RateLimited, null)]
    [TestCase(ModelFailureKind.Overloaded, 7)]
    [TestCase(ModelFailureKind.InvalidRequest, null)]
    [TestCase(ModelFailureKind.Unauthorized, null)]
    [TestCase(ModelFailureKind.ContextLengthExceeded, null)]
    public async Task Ask_FirstFailsForGoodOrWithAWait_IsNotAskedAgain(ModelFailureKind kind, int? retryAfter)
    {
        var failing = Fails(kind, retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        using var rig = HedgingRig.Of(failing);

        var outcome = await rig.StartAsync(streamed);

        Assert.That(outcome.Error, Is.SameAs(failing.Failure));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_BothFail_EndsWithBothFailuresTheFirstInside()
    {
        var answers = new[] { Fails(ModelFailureKind.Overloaded) with { Delay = TimeSpan.FromSeconds(3) }, Fails(ModelFailureKind.InvalidRequest) };
        using var rig = HedgingRig.Of(answers);

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptsExhaustedException>());
        Assert.That(((AttemptsExhaustedException)outcome.Error!).Failures, Is.EqualTo(answers.Select(answer => answer.Failure)));
        Assert.That(await rig.LeftAsync(outcome), Is.EqualTo(Nothing));
    }

    [Test]
    public async Task Ask_SecondFails_WaitsForTheFirst()
    {
        using var rig = HedgingRig.Of(HedgingRig.After(9, "first"), Fails(ModelFailureKind.Overloaded));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("first"));
        Assert.That(outcome.Call!.Duration, Is.EqualTo(TimeSpan.FromSeconds(9)));
    }

    [Test]
    public async Task Ask_MoreSlowCallsThanTheBudgetAllows_AreNotHedged()
    {
        using var rig = new HedgingRig(_ => HedgingRig.After(3, "slow"), options => (options.Share, options.Floor) = (0, 1));

        var hedged = await rig.AskAsync(streamed);
        var patient = await rig.AskAsync(streamed);

        Assert.That(hedged.Decisions, Has.One.EqualTo("hedged"));
        Assert.That(patient.Decisions, Is.EqualTo(new[] { "not-hedged" }));
        Assert.That(patient.Text, Is.EqualTo("slow"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Ask_Outage_IsMetWithTheBudgetsHedgesOnly()
    {
        using var rig = new HedgingRig(_ => Fails(ModelFailureKind.Overloaded), options => (options.Share, options.Floor) = (0.1, 2));

        for (var call = 0; call < 100; call++)
            await rig.StartAsync(streamed);

        Assert.That(rig.Model.Requests, Has.Count.EqualTo(100 + 10 + 2));
    }

    [Test]
    public async Task Ask_WithTools_IsHedgedOnlyWhereAllowed([Values] bool allowed)
    {
        using var rig = new HedgingRig(number => HedgingRig.After(number == 0 ? 60 : 0, $"answer {number}"), options => options.WithTools = allowed);
        var options = BudgetRig.Call();
        options.Tools = [AIFunctionFactory.Create(() => 1, "one")];

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That(outcome.Text, Is.EqualTo(allowed ? "answer 1" : "answer 0"));
    }

    [Test]
    public async Task Ask_OfAConversationThatTheProviderHolds_IsNotHedged()
    {
        using var rig = HedgingRig.Of(HedgingRig.After(3, "first"), ScriptedAnswer.Text("second"));
        var options = BudgetRig.Call();
        options.ConversationId = "conversation-1";

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That(outcome.Text, Is.EqualTo("first"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "not-hedged" }));
    }

    [Test]
    public async Task Ask_SecondIsRefusedByTheBudget_WaitsForTheFirst()
    {
        using var rig = new HedgingRig(_ => HedgingRig.After(3, "first"), limit: 30);

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("first"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
        Assert.That(await rig.LeftAsync(outcome), Is.EqualTo(Nothing));
    }

    [Test]
    public async Task Ask_OverRetries_RepeatsTheFirstAttemptOnly()
    {
        using var rig = new HedgingRig(
            number => number == 0 ? HedgingRig.After(15, "first") : Fails(ModelFailureKind.Overloaded),
            inside: builder => builder.UseResilience());

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("first"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ask_OverRetriesThatAreUsedUp_IsNotRepeatedOnceMore()
    {
        using var rig = new HedgingRig(_ => Fails(ModelFailureKind.Overloaded), options => options.Delay = TimeSpan.FromHours(1), builder => builder.UseResilience());

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptsExhaustedException>());
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Ask_WhileTheCircuitIsHalfOpen_SendsOneProbe()
    {
        using var rig = new HedgingRig(
            number => number == 0 ? Fails(ModelFailureKind.Overloaded) : HedgingRig.After(5, "probe"),
            options => (options.Share, options.Floor) = (1, 9),
            builder => builder.UseResilience(options => (options.MaxRetries, options.MinimumThroughput, options.LastResort) = (0, 1, false)));
        await rig.StartAsync(streamed);
        rig.Clock.Advance(TimeSpan.FromSeconds(15));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("probe"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ask_Cancelled_EndsBothAttempts()
    {
        using var rig = HedgingRig.Of(ScriptedAnswer.Hangs());
        using var cancel = new CancellationTokenSource();
        var asking = rig.StartAsync(streamed, cancellationToken: cancel.Token);
        rig.Clock.Advance(HedgingRig.Delay);
        await rig.AskedAsync(2);

        await cancel.CancelAsync();
        var outcome = await asking;

        Assert.That(outcome.Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(await rig.LeftAsync(outcome), Is.EqualTo(Nothing));
        Assert.That(outcome.Call!.Attempts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Ask_CancelledWhileADeafModelIsSlow_IsNotHedgedLater()
    {
        var clock = new ManualTimeProvider();
        var model = new ScriptedChatClient((_, _) => ScriptedAnswer.Hangs() with { IsDeaf = true }, clock);
        using var stage = new HedgingChatClient(model, new() { Delay = HedgingRig.Delay }, "model", clock);
        using var cancel = new CancellationTokenSource();
        var asking = Outcome.OfAsync(stage, streamed, cancellationToken: cancel.Token);

        await cancel.CancelAsync();
        clock.Advance(HedgingRig.Delay);
        var outcome = await asking;

        Assert.That(outcome.Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_CancelledOnceTheFirstHasFailed_EndsCancelled()
    {
        using var rig = HedgingRig.Of(ScriptedAnswer.Throws(Failures.Http(503)), ScriptedAnswer.Hangs());
        using var cancel = new CancellationTokenSource();
        var asking = rig.StartAsync(streamed, cancellationToken: cancel.Token);
        await rig.AskedAsync(2);

        await cancel.CancelAsync();
        var outcome = await asking;

        Assert.That(outcome.Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(outcome.Call!.Status, Is.EqualTo(LlmKit.Calls.CallStatus.Cancelled));
        Assert.That(await rig.LeftAsync(outcome), Is.EqualTo(Nothing));
    }

    [Test]
    public async Task Ask_DeadlinePassesOnceTheFirstHasFailed_EndsWithTheDeadline()
    {
        using var rig = HedgingRig.Of(ScriptedAnswer.Throws(Failures.Http(503)), ScriptedAnswer.Hangs());

        var outcome = await rig.AskAsync(streamed, new LlmCallOptions { Deadline = rig.Clock.GetUtcNow() + TimeSpan.FromSeconds(9) });

        Assert.That(outcome.Error, Is.TypeOf<LlmTimeoutException>().With.Property("Limit").EqualTo(TimeLimit.Deadline));
    }

    [Test]
    public async Task Ask_MoneyIsLeftForAShortSecondAnswerOnly_WaitsForTheFirst()
    {
        // The first may have up to 4,096 tokens at a dollar each, and the rest would pay for a hundred.
        using var rig = new HedgingRig(number => number == 0 ? HedgingRig.After(9, "first") : HedgingRig.After(0, "second"), limit: 4_225);

        var outcome = await rig.AskAsync(streamed, new LlmCallOptions());

        Assert.That((outcome.Text, outcome.Call!.Marks), Is.EqualTo(("first", LlmKit.Calls.AnswerMarks.None)));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_WithAPercentileOfAModelThatAnswersAtOnce_LeavesAnAttemptItsLeastTime()
    {
        using var rig = new HedgingRig(
            number => HedgingRig.After(number < 20 ? 0 : number == 20 ? 0.019 : 60, $"answer {number}"), hedging => (hedging.Percentile, hedging.Share) = (0.95, 1));
        for (var i = 0; i < 20; i++)
            await rig.AskAsync(streamed);

        var outcome = await rig.Clock.FinishAsync(rig.StartAsync(streamed), TimeSpan.FromMilliseconds(1));

        Assert.That(outcome.Text, Is.EqualTo("answer 20"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(21));
    }

    [Test]
    public async Task Ask_WithAPercentile_HedgesWhatIsSlowerThanTheAnswersBefore()
    {
        using var rig = new HedgingRig(
            number => HedgingRig.After(number < 20 ? 0.5 : number == 20 ? 60 : 0, $"answer {number}"),
            options => (options.Delay, options.Percentile) = (TimeSpan.FromHours(1), 0.95));
        for (var call = 0; call < 20; call++)
            await rig.AskAsync(streamed);

        var outcome = await Eventually.EndsAsync(rig.StartAsync(streamed), rig.Clock, TimeSpan.FromMilliseconds(10));

        Assert.That(outcome.Text, Is.EqualTo("answer 21"));
        Assert.That(outcome.Call!.Duration, Is.InRange(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.57)));
    }

    private static ScriptedAnswer Fails(ModelFailureKind kind, TimeSpan? retryAfter = null)
    {
        var failure = new InvalidOperationException(kind.ToString());
        ModelFailures.Record(failure, new ModelFailure { Kind = kind, RetryAfter = retryAfter });
        return ScriptedAnswer.Throws(failure);
    }
}
