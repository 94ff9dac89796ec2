using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing;

[TestFixture(false)]
[TestFixture(true)]
public sealed class RouterHedgingTests(bool streamed)
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);
    private readonly ManualTimeProvider _clock = new();

    [Test]
    public async Task Ask_SlowModel_IsAnsweredByTheNextAndBothArePaid()
    {
        using var rig = Rig(After(60, "from a"), After(1, "from b"));

        var outcome = await AskAsync(rig);
        await outcome.Call!.WhenSettled;

        Assert.That(outcome.Text, Is.EqualTo("from b"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "chosen", "hedged", "hedge-won" }));
        Assert.That((outcome.Call.Model, outcome.Call.Marks), Is.EqualTo(("b", AnswerMarks.Fallback)));
        Assert.That(outcome.Call.Attempts.Select(attempt => (attempt.Model, attempt.Failure?.Kind)), Is.EquivalentTo(new (string, ModelFailureKind?)[] { ("a", ModelFailureKind.Cancelled), ("b", null) }));
        Assert.That((rig.Spent("all"), rig.Memory.OpenReservations), Is.EqualTo((outcome.Call.Cost, 0)));
        await ManualTimeExtensions.UntilAsync(() => _clock.ActiveTimers == 0);
    }

    [Test]
    public async Task Ask_OfARouterThatStandsAlone_NamesTheWinner()
    {
        using var router = new LlmKit.Orchestration.Routing.RouterChatClient(
            [KeyValuePair.Create("a", (IChatClient)Model(After(60, "from a"))), KeyValuePair.Create("b", (IChatClient)Model(After(0, "from b")))],
            new RouterOptions().Hedge(hedging => hedging.Delay = Delay),
            _clock);

        var outcome = await _clock.FinishAsync(Outcome.OfAsync(router, streamed));

        Assert.That((outcome.Text, outcome.Call!.Model), Is.EqualTo(("from b", "b")));
    }

    [Test]
    public async Task Ask_PreferredModelAnswersAfterAll_IsNoFallback()
    {
        using var rig = Rig(After(3, "from a"), After(60, "from b"));

        var outcome = await AskAsync(rig);
        await outcome.Call!.WhenSettled;

        Assert.That(outcome.Text, Is.EqualTo("from a"));
        Assert.That((outcome.Call.Model, outcome.Call.Marks), Is.EqualTo(("a", AnswerMarks.None)));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "chosen", "hedged", "hedge-lost" }));
    }

    [Test]
    public async Task Ask_AskedAgainInTheCallOfARace_NamesTheModelThatAnsweredLast()
    {
        using var rig = new BudgetRig(
            builder => builder
                .AddPriced("a", new ScriptedChatClient((number, _) => After(number == 0 ? 60 : 0, "from a"), _clock))
                .AddPriced("b", Model(After(1, "from b")))
                .Use(inner => new AskingTwice(inner))
                .UseRouter(router => router.Hedge(options => options.Delay = Delay)),
            time: _clock);

        var outcome = await AskAsync(rig);

        Assert.That((outcome.Text, outcome.Call!.Model), Is.EqualTo(("from a", "a")));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "chosen", "hedged", "hedge-won", "chosen" }));
    }

    [Test]
    public async Task Ask_QuickModel_AsksNoOther()
    {
        using var rig = Rig(After(1, "from a"), After(0, "from b"));

        var outcome = await AskAsync(rig);

        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "chosen" }));
    }

    [Test]
    public async Task Ask_BothFail_GoesOnWithTheThird()
    {
        using var rig = Rig(Fails(503, 3), Fails(500, 0), After(0, "from c"));

        var outcome = await AskAsync(rig);

        Assert.That(outcome.Text, Is.EqualTo("from c"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "chosen", "hedged", "fallback", "fallback", "chosen" }));
        Assert.That(outcome.Call!.Model, Is.EqualTo("c"));
    }

    [Test]
    public async Task Ask_AllFail_EndsWithAllTheFirstInside()
    {
        var answers = new[] { Fails(503, 3), Fails(500, 0) };
        using var rig = Rig(answers);

        var outcome = await AskAsync(rig);

        Assert.That(((AttemptsExhaustedException)outcome.Error!).Failures, Is.EqualTo(answers.Select(answer => answer.Failure)));
    }

    [Test]
    public async Task Ask_FirstFailsForGoodWhileTheNextAnswers_IsAnswered()
    {
        using var rig = Rig(Fails(400, 3), After(9, "from b"));

        var outcome = await AskAsync(rig);

        Assert.That(outcome.Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Ask_NextModelMayNotBeUsed_IsPassedOver()
    {
        using var rig = Rig(After(60, "from a"), After(0, "from b"), After(0, "from c"));
        var options = BudgetRig.Call();
        options.ExcludedModels = ["b"];

        var outcome = await AskAsync(rig, options);

        Assert.That(outcome.Text, Is.EqualTo("from c"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "chosen", "skipped", "hedged", "hedge-won" }));
    }

    [Test]
    public async Task Ask_NoOtherModelMayAnswer_WaitsForTheFirst([Values("forced", "no fallback", "state", "tools", "budget")] string why)
    {
        using var rig = Rig(hedging => (hedging.Share, hedging.Floor) = why == "budget" ? (0, 0) : (0.1, 2), After(9, "from a"), After(0, "from b"));
        var options = BudgetRig.Call();
        options.Model = why == "forced" ? "a" : null;
        options.AllowFallback = why != "no fallback";
        options.ConversationId = why == "state" ? "conversation-1" : null;
        options.Tools = why == "tools" ? [AIFunctionFactory.Create(() => 1, "one")] : null;

        var outcome = await AskAsync(rig, options);

        Assert.That(outcome.Text, Is.EqualTo("from a"));
        Assert.That(outcome.Call!.Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_Cancelled_EndsBothAttempts()
    {
        using var rig = Rig(ScriptedAnswer.Hangs(), ScriptedAnswer.Hangs());
        using var cancel = new CancellationTokenSource();
        var asking = rig.AskAsync(streamed, cancellationToken: cancel.Token);
        _clock.Advance(Delay);

        await cancel.CancelAsync();
        var outcome = await asking;
        await outcome.Call!.WhenSettled;

        Assert.That(outcome.Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That((outcome.Call.Status, outcome.Call.Attempts.Count, rig.Memory.OpenReservations), Is.EqualTo((CallStatus.Cancelled, 2, 0)));
        await ManualTimeExtensions.UntilAsync(() => _clock.ActiveTimers == 0);
    }

    [Test]
    public async Task Ask_CancelledOnceTheFirstHasFailed_EndsCancelled()
    {
        using var rig = Rig(Fails(503, 3), ScriptedAnswer.Hangs());
        using var cancel = new CancellationTokenSource();
        var asking = rig.AskAsync(streamed, cancellationToken: cancel.Token);
        _clock.Advance(Delay);
        await ManualTimeExtensions.UntilAsync(() => _clock.ActiveTimers > 0);
        _clock.Advance(Delay);

        await cancel.CancelAsync();
        var outcome = await asking;

        Assert.That(outcome.Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(outcome.Call!.Status, Is.EqualTo(CallStatus.Cancelled));
    }

    [Test]
    public async Task Ask_MoneyIsLeftForAShortSecondAnswerOnly_WaitsForTheFirst()
    {
        using var rig = new BudgetRig(
            builder => builder.AddPriced("a", Model(After(9, "from a"))).AddPriced("b", Model(After(0, "from b")))
                .UseBudget(budget => budget.Global("all", 4_225, BudgetWindow.Lifetime))
                .UseRouter(router => router.Hedge(hedging => hedging.Delay = Delay)),
            time: _clock);

        var outcome = await AskAsync(rig, new LlmCallOptions());

        Assert.That((outcome.Text, outcome.Call!.Marks), Is.EqualTo(("from a", AnswerMarks.None)));
    }

    [Test]
    public async Task Ask_DelayInConfiguration_IsTaken()
    {
        var configuration = ChangingConfiguration.Of(("Router:Hedging:Delay", "00:00:05"));
        using var rig = new BudgetRig(
            builder => builder.AddPriced("a", Model(After(60, "from a"))).AddPriced("b", Model(After(0, "from b"))).UseRouter(), configuration: configuration, time: _clock);

        var outcome = await AskAsync(rig);

        Assert.That((outcome.Text, outcome.Call!.Duration), Is.EqualTo(("from b", TimeSpan.FromSeconds(5))));
    }

    [Test]
    public async Task Ask_SwitchedOffInConfiguration_Waits()
    {
        var configuration = ChangingConfiguration.Of(("Router:Hedging", ""));
        using var rig = new BudgetRig(
            builder => builder.AddPriced("a", Model(After(60, "from a"))).AddPriced("b", Model(After(0, "from b"))).UseRouter(router => router.Hedge()), configuration: configuration, time: _clock);

        var outcome = await AskAsync(rig);

        Assert.That(outcome.Text, Is.EqualTo("from a"));
    }

    [Test]
    public void Options_CascadeOrWrongDelay_IsRefused()
    {
        var failures = Assert.Throws<LlmConfigurationException>(() => Routers.Alone(
            new RouterOptions().Cascade("a", "b").Hedge(hedging => hedging.Delay = TimeSpan.FromDays(2)), ("a", Model(After(0, "a"))), ("b", Model(After(0, "b"))))).Failures;

        Assert.That(failures, Has.Count.EqualTo(2));
        Assert.That(failures, Has.One.Contains("cascade").And.One.Contains("HedgingOptions.Delay"));
    }

    private static ScriptedAnswer After(double seconds, string text) => ScriptedAnswer.Text(text) with { Delay = TimeSpan.FromSeconds(seconds) };

    private static ScriptedAnswer Fails(int status, double seconds) => ScriptedAnswer.Throws(Failures.Http(status)) with { Delay = TimeSpan.FromSeconds(seconds) };

    private BudgetRig Rig(params ScriptedAnswer[] answers) => Rig(hedging: null, answers);

    private BudgetRig Rig(Action<HedgingOptions>? hedging, params ScriptedAnswer[] answers) => new(
        builder =>
        {
            foreach (var (index, answer) in answers.Index())
                builder.AddPriced(((char)('a' + index)).ToString(), Model(answer));
            builder.UseBudget(budget => budget.Global("all", 1_000_000, BudgetWindow.Lifetime)).UseRouter(router => router.Hedge(options =>
            {
                options.Delay = Delay;
                hedging?.Invoke(options);
            }));
        },
        time: _clock);

    private ScriptedChatClient Model(ScriptedAnswer answer) => new((_, _) => answer, _clock);

    private Task<Outcome> AskAsync(BudgetRig rig, ChatOptions? options = null) => _clock.FinishAsync(rig.AskAsync(streamed, options));

    /// <summary>Asks a second time within the call, as a repair does.</summary>
    private sealed class AskingTwice(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await base.GetResponseAsync(messages, options, cancellationToken);
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await base.GetStreamingResponseAsync(messages, options, cancellationToken).ToListAsync(cancellationToken);
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
                yield return update;
        }
    }
}
