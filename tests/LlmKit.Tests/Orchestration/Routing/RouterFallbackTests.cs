using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing;

public class RouterFallbackTests
{
    private static readonly ScriptedAnswer FromB = ScriptedAnswer.Text("from ", "b");
    private readonly ScriptedChatClient _b = new(FromB);

    [Test]
    public async Task Ask_WhenTheFirstModelAnswers_AsksNoOther([Values] bool streamed)
    {
        using var rig = Rig(new ScriptedChatClient(ScriptedAnswer.Text("from a")));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("from a"));
        Assert.That(_b.Requests, Is.Empty);
        Assert.That(outcome.Call!.Marks, Is.EqualTo(AnswerMarks.None));
    }

    [Test]
    public async Task Ask_WhenTheFirstModelFails_IsAnsweredByTheNext([Values(429, 500, 502, 503, 504, 529, 401, 402, 403, 404)] int status, [Values] bool streamed)
    {
        using var rig = Rig(new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(status))));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("from b"));
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "chosen", "fallback", "chosen" }));
        Assert.That(outcome.Call!.Marks, Is.EqualTo(AnswerMarks.Fallback));
        Assert.That(outcome.Call.Model, Is.EqualTo("b"));
    }

    [Test]
    public async Task Ask_WhenTheRequestItselfIsWrong_PassesTheFailureOn([Values(400, 422)] int status, [Values] bool streamed)
    {
        using var rig = Rig(new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(status))));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<HttpRequestException>());
        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WhenTheProvidersFilterRefuses_DoesNotRouteAroundIt([Values] bool streamed)
    {
        var filtered = new InvalidOperationException("filtered");
        using var rig = Rig(new ScriptedChatClient(ScriptedAnswer.Throws(filtered)), model => model.ClassifyFailure = _ => new() { Kind = ModelFailureKind.ContentFiltered });

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.SameAs(filtered));
        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WhenTheAnswerIsFiltered_IsAnsweredWithThat([Values] bool streamed)
    {
        using var rig = Rig(new ScriptedChatClient(ScriptedAnswer.Text("I cannot") with { FinishReason = ChatFinishReason.ContentFilter }));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("I cannot"));
        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WhenTheAnswerIsEmptyButFinished_IsAnsweredWithThat([Values] bool streamed)
    {
        using var rig = Rig(new ScriptedChatClient(new ScriptedAnswer()));

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, outcome.Error), Is.EqualTo(("", (Exception?)null)));
        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WhenTheFirstClientThrowsBeforeItReturns_IsAnsweredByTheNext([Values] bool streamed)
    {
        using var rig = Rig(new EagerlyThrowingChatClient(Failures.Unreachable()));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Ask_OfBareClientsThatThrowBeforeTheyReturn_IsAnsweredByTheNext([Values] bool streamed)
    {
        using var router = Routers.Alone(("a", new EagerlyThrowingChatClient(Failures.Unreachable())), ("b", _b));

        var outcome = await Outcome.OfAsync(router, streamed);

        Assert.That(outcome.Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Ask_WhenOurOwnStageRefuses_IsAnsweredByTheNext([Values] RefusalReason reason, [Values] bool streamed)
    {
        using var rig = Rig(new EagerlyThrowingChatClient(new AttemptRefusedException(reason, "a", "refused")));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Stream_BrokenBeforeItsFirstContent_IsAnsweredByTheNextWithoutATrace()
    {
        var a = ScriptedAnswer.Text("", "lost") with { Failure = new IOException("cut"), FailAfterChunks = 1 };
        using var rig = Rig(new ScriptedChatClient(a));

        var outcome = await rig.AskAsync(streamed: true);

        Assert.That(outcome.Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Stream_EndedWithoutContentAndReason_IsAnsweredByTheNext()
    {
        using var rig = Rig(new ScriptedChatClient(new ScriptedAnswer { FinishReason = null }));

        var outcome = await rig.AskAsync(streamed: true);

        Assert.That(outcome.Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Stream_BrokenAfterContent_ReachesTheCallerAndRepeatsNothing()
    {
        var cut = new IOException("cut");
        using var rig = Rig(new ScriptedChatClient(ScriptedAnswer.Text("half ", "lost") with { Failure = cut, FailAfterChunks = 1 }));

        var outcome = await rig.AskAsync(streamed: true);

        Assert.That((outcome.Text, outcome.Error), Is.EqualTo(("half ", cut)));
        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Stream_CutAfterContentWithoutAReason_ReachesTheCaller()
    {
        using var rig = Rig(new ScriptedChatClient(ScriptedAnswer.Text("half") with { FinishReason = null }));

        var outcome = await rig.AskAsync(streamed: true);

        Assert.That(outcome.Text, Is.EqualTo("half"));
        Assert.That(outcome.Error, Is.TypeOf<TruncatedAnswerException>());
    }

    [Test]
    public async Task Stream_OfTheFallbackBrokenAfterContent_ReachesTheCaller()
    {
        var cut = new IOException("cut");
        using var rig = new BudgetRig(builder => builder
            .AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("b", FromB with { Failure = cut, FailAfterChunks = 1 }).UseRouter());

        var outcome = await rig.AskAsync(streamed: true);

        Assert.That((outcome.Text, outcome.Error), Is.EqualTo(("from ", cut)));
    }

    [Test]
    public async Task Stream_LeftByTheRouter_IsDisposedOf()
    {
        var a = new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(503)));
        using var rig = Rig(a);

        await rig.AskAsync(streamed: true);

        Assert.That((a.OpenStreams, _b.OpenStreams), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Stream_LeftByTheReader_IsDisposedOf()
    {
        using var rig = Rig(_b);

        await foreach (var _ in rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call()))
            break;

        Assert.That(_b.OpenStreams, Is.Zero);
    }

    [Test]
    public async Task Ask_OfASingleModelThatFails_GivesItsOwnException([Values] bool streamed)
    {
        var failure = Failures.Http(503);
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Throws(failure)).UseRouter());

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.SameAs(failure));
    }

    [Test]
    public async Task Ask_WhenTheOnlyModelThatMayTakeItFails_GivesItsOwnException([Values] bool streamed, [Values] bool isFirst)
    {
        var failure = Failures.Http(503);
        var options = BudgetRig.Call();
        options.ExcludedModels = ["other"];
        using var rig = new BudgetRig(builder =>
        {
            builder.AddPriced(isFirst ? "only" : "other", ScriptedAnswer.Throws(failure));
            builder.AddPriced(isFirst ? "other" : "only", ScriptedAnswer.Throws(failure)).UseRouter();
        });

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That(outcome.Error, Is.SameAs(failure));
    }

    [Test]
    public async Task Ask_WhenAllModelsFail_GivesAllFailuresWithTheFirstInside([Values] bool streamed)
    {
        var (first, second) = (Failures.Http(503), Failures.Http(400));
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Throws(first)).AddPriced("b", ScriptedAnswer.Throws(second)).UseRouter());

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptsExhaustedException>().With.InnerException.SameAs(first).And.Property("Failures").EqualTo(new Exception[] { first, second }));
        Assert.That(outcome.Error!.Message, Does.Not.Contain("provider text"));
    }

    [Test]
    public async Task Ask_WhenAllModelsFailAndWereRepeated_GivesEveryAttemptOnceWithTheFirstInside([Values] bool streamed)
    {
        Exception[] failures = [Failures.Http(503), Failures.Http(502), Failures.Http(500), Failures.Http(429)];
        var a = new ScriptedChatClient((number, _) => ScriptedAnswer.Throws(failures[number]));
        var b = new ScriptedChatClient((number, _) => ScriptedAnswer.Throws(failures[2 + number]));
        using var rig = new BudgetRig(builder => builder.AddPriced("a", a).AddPriced("b", b).UseRouter().UseResilience(options =>
        {
            options.MaxRetries = 1;
            options.Randomizer = () => 0;
        }));

        var outcome = await rig.Clock.FinishAsync(rig.AskAsync(streamed));

        var exhausted = (AttemptsExhaustedException)outcome.Error!;
        Assert.That(exhausted.Failures, Is.EqualTo(failures));
        Assert.That(exhausted.InnerException, Is.SameAs(failures[0]));
        Assert.That(outcome.Call!.Attempts, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Ask_WhenAllModelsAreRefused_GivesTheRefusalThatIsOverSoonest([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", Cooling("a", 30)).AddPriced("b", Cooling("b", 2)).UseRouter());

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Property("RetryAfter").EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public async Task Ask_CancelledDuringAFallback_IsCancelled([Values] bool streamed)
    {
        using var cancel = new CancellationTokenSource();
        var b = new ScriptedChatClient((_, _) =>
        {
            cancel.Cancel();
            return ScriptedAnswer.Hangs();
        });
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("b", b).UseRouter());

        var outcome = await rig.AskAsync(streamed, cancellationToken: cancel.Token);

        Assert.That(outcome.Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(outcome.Call!.Status, Is.EqualTo(CallStatus.Cancelled));
    }

    [Test]
    public async Task Ask_OutOfTimeDuringAFallback_SaysSo([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("b", ScriptedAnswer.Hangs())
            .WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(3)).UseRouter());
        var asking = rig.AskAsync(streamed);

        rig.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.That((await asking).Error, Is.TypeOf<LlmTimeoutException>());
    }

    [Test]
    public async Task Ask_Cancelled_TriesNoOtherModel([Values] bool streamed)
    {
        using var cancel = new CancellationTokenSource();
        var a = new ScriptedChatClient((_, _) =>
        {
            cancel.Cancel();
            return ScriptedAnswer.Hangs();
        });
        using var rig = Rig(a);

        await rig.AskAsync(streamed, cancellationToken: cancel.Token);

        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WhenFallbackIsNotAllowed_PassesTheFailureOn([Values] bool streamed)
    {
        var failure = Failures.Http(503);
        using var rig = Rig(new ScriptedChatClient(ScriptedAnswer.Throws(failure)));
        var options = BudgetRig.Call();
        options.AllowFallback = false;

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That(outcome.Error, Is.SameAs(failure));
        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WhenOtherKindsAreConfigured_FallsBackOnThemOnly([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("b", _b)
            .UseRouter(router => router.FallbackOn = new HashSet<ModelFailureKind> { ModelFailureKind.InvalidRequest }));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<HttpRequestException>());
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Ask_WhenTheWindowWasExceeded_TriesOnlyModelsWithALargerOne(bool streamed)
    {
        var small = new ScriptedChatClient(FromB);
        using var rig = new BudgetRig(builder => builder
            .AddPriced("a", ScriptedAnswer.Throws(new InvalidOperationException("too long")), model =>
            {
                model.ContextWindow = 1_000;
                model.ClassifyFailure = _ => new() { Kind = ModelFailureKind.ContextLengthExceeded };
            })
            .AddPriced("small", small, model => model.ContextWindow = 500)
            .AddPriced("large", ScriptedAnswer.Text("from large"), model => model.ContextWindow = 10_000)
            .UseRouter());

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("from large"));
        Assert.That(small.Requests, Is.Empty);
    }

    private static EagerlyThrowingChatClient Cooling(string model, int seconds) =>
        new(new AttemptRefusedException(RefusalReason.CircuitOpen, model, "open") { RetryAfter = TimeSpan.FromSeconds(seconds) });

    private BudgetRig Rig(IChatClient a, Action<ModelOptions>? facts = null) => new(builder => builder.AddPriced("a", a, facts).AddPriced("b", _b).UseRouter());
}
