using LlmKit.Execution.Resilience;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using static LlmKit.Tests.Execution.Resilience.ResilienceBench;

namespace LlmKit.Tests.Execution.Resilience;

public class ResilienceLimitTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Fine = TimeSpan.FromMilliseconds(50);

    [Test]
    public async Task Attempt_NoAnswerInTime_IsATimeoutAndRepeated([Values] Setting setting, [Values] bool streamed, [Values] bool deaf)
    {
        using var bench = With(setting, null, ScriptedAnswer.Hangs() with { IsDeaf = deaf }, ScriptedAnswer.Text("a"));

        var text = await bench.AskAsync(streamed, step: Fine);

        var limit = streamed ? TimeLimit.FirstContent : TimeLimit.Attempt;
        Assert.That(text, Is.EqualTo("a"));
        Assert.That(bench.Steps.Select(step => step.Decision), Is.EqualTo(new[] { "timeout", "retry" }));
        Assert.That(bench.Steps.First().Limit, Is.EqualTo(limit));
        Assert.That(bench.Steps.First().At, Is.EqualTo((streamed ? 20 : 30) * Second).Within(Second));
    }

    [Test]
    public async Task Attempt_NoAnswerInTime_ThrowsWithLimitAndModel([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = With(setting, options => options.MaxRetries = 0, ScriptedAnswer.Hangs());

        var exception = (LlmTimeoutException)await bench.FailAsync(streamed);

        Assert.That(exception.Model, Is.EqualTo("m"));
        Assert.That(exception.Limit, Is.EqualTo(streamed ? TimeLimit.FirstContent : TimeLimit.Attempt));
        Assert.That(exception.After, Is.EqualTo((streamed ? 20 : 30) * Second));
        Assert.That(exception.GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.Timeout));
        Assert.That(bench.Clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Attempt_EndedByALimit_IsRecordedAsATimeout([Values] bool streamed)
    {
        using var bench = With(Setting.Composed, null, ScriptedAnswer.Hangs(), ScriptedAnswer.Text("a"));

        await bench.AskAsync(streamed);

        Assert.That(bench.Call!.Attempts.Select(attempt => attempt.Failure?.Kind), Is.EqualTo(new ModelFailureKind?[] { ModelFailureKind.Timeout, null }));
    }

    [Test]
    public async Task Attempt_DeafDecoratorBetween_IsLeft([Values] bool streamed)
    {
        var clock = new ManualTimeProvider();
        var model = new ScriptedChatClient((number, _) => number == 0 ? ScriptedAnswer.Hangs() : ScriptedAnswer.Text("a"), clock);
        using var bench = new ResilienceBench(Setting.Composed, model, clock, null, pipeline => pipeline.Use(inner => new DeafChatClient(inner)));

        var text = await bench.AskAsync(streamed, step: Fine);

        Assert.That(text, Is.EqualTo("a"));
        Assert.That(bench.Call!.Duration, Is.LessThan(32 * Second));
    }

    [Test]
    public async Task Attempt_DeafUpstreamAnswersLater_NobodyIsDisturbed([Values] bool streamed)
    {
        var late = ScriptedAnswer.Text("late") with { Delay = 45 * Second, IsDeaf = true };
        using var bench = With(Setting.Alone, null, late, ScriptedAnswer.Text("a"));

        var text = await bench.AskAsync(streamed);
        bench.Clock.Advance(60 * Second);

        Assert.That(text, Is.EqualTo("a"));
        await ManualTimeExtensions.UntilAsync(() => bench.Model.OpenStreams == 0);
    }

    [Test]
    public async Task Attempt_CallerCancelsADeafUpstream_EndsAtOnce([Values] bool streamed)
    {
        using var caller = new CancellationTokenSource();
        using var bench = With(Setting.Alone, null, ScriptedAnswer.Hangs() with { IsDeaf = true });
        var answer = bench.StartAsync(streamed, token: caller.Token);

        await caller.CancelAsync();

        await bench.Clock.EndAsync(answer);
        Assert.CatchAsync<OperationCanceledException>(() => answer);
        Assert.That(bench.Call!.Duration, Is.LessThan(2 * Second));
    }

    [Test]
    public async Task Total_AllAttemptsTogether_EndWithinIt([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = With(
            setting, options => (options.TotalTimeout, options.AttemptTimeout, options.FirstContentTimeout) = (25 * Second, 10 * Second, 10 * Second), ScriptedAnswer.Hangs());

        var exception = (AttemptsExhaustedException)await bench.FailAsync(streamed, step: Fine);

        var last = (LlmTimeoutException)exception.Failures[^1];
        Assert.That(last.Limit, Is.EqualTo(TimeLimit.Total));
        Assert.That(last.After, Is.EqualTo(25 * Second));
        Assert.That(bench.Call!.Duration, Is.EqualTo(25 * Second).Within(Second));
        Assert.That(exception.Failures, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Deadline_EarlierThanEveryLimit_IsTheOneNamed([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = With(setting, null, ScriptedAnswer.Hangs());

        var exception = (LlmTimeoutException)await bench.FailAsync(streamed, new() { Deadline = bench.Clock.GetUtcNow() + 5 * Second });

        Assert.That(exception.Limit, Is.EqualTo(TimeLimit.Deadline));
        Assert.That(bench.Model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task FirstContent_UpdatesWithoutContent_DoNotCount([Values] Setting setting)
    {
        var roleThenSilence = ScriptedAnswer.Text("", "late") with { DelayBetween = 21 * Second };
        using var bench = With(setting, options => options.MaxRetries = 0, roleThenSilence);

        var exception = (LlmTimeoutException)await bench.FailAsync(streamed: true);

        Assert.That(exception.Limit, Is.EqualTo(TimeLimit.FirstContent));
    }

    [Test]
    public async Task FirstContent_Late_FailsOnTimeAndNotWhenItComes([Values] Setting setting)
    {
        using var bench = With(setting, options => options.MaxRetries = 0, ScriptedAnswer.Text("late") with { Delay = 300 * Second });

        await bench.FailAsync(streamed: true);

        Assert.That(bench.Call!.Duration, Is.EqualTo(20 * Second).Within(Second));
    }

    [Test]
    public async Task BetweenUpdates_Silence_ThrowsUnwrappedAndIsNotRepeated([Values] Setting setting, [Values] bool deaf)
    {
        var stuck = ScriptedAnswer.Text("a", "b") with { HangAfterChunks = 1, IsDeaf = deaf };
        using var bench = With(setting, null, stuck, ScriptedAnswer.Text("never"));

        var exception = (LlmTimeoutException)await bench.FailAsync(streamed: true);

        Assert.That(exception.Limit, Is.EqualTo(TimeLimit.BetweenUpdates));
        Assert.That(exception.Model, Is.EqualTo("m"));
        Assert.That(bench.Model.Requests, Has.Count.EqualTo(1));
        Assert.That(bench.Call!.Duration, Is.EqualTo(15 * Second).Within(Second));
    }

    [Test]
    public async Task BetweenUpdates_Silence_TheUpstreamIsLeft([Values] Setting setting)
    {
        using var bench = With(setting, null, ScriptedAnswer.Text("a", "b") with { HangAfterChunks = 1 });

        await bench.FailAsync(streamed: true);

        await ManualTimeExtensions.UntilAsync(() => bench.Model.OpenStreams == 0);
        Assert.That(bench.Clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Stream_DeafWhenItsLimitExpires_IsDisposedOfOnceItMoves([Values] Setting setting, [Values] bool afterContent)
    {
        var late = ScriptedAnswer.Text("a", "b") with { Delay = (afterContent ? 0 : 90) * Second, DelayBetween = 90 * Second, IsDeaf = true };
        using var bench = With(setting, options => options.MaxRetries = 0, late);
        var exception = (LlmTimeoutException)await bench.FailAsync(streamed: true);
        Assert.That(bench.Model.OpenStreams, Is.EqualTo(1), "it cannot be disposed of while a move is pending");

        bench.Clock.Advance(90 * Second);

        await ManualTimeExtensions.UntilAsync(() => bench.Model.OpenStreams == 0);
        Assert.That(exception.Limit, Is.EqualTo(afterContent ? TimeLimit.BetweenUpdates : TimeLimit.FirstContent));
        Assert.That(bench.Clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task BetweenUpdates_LateAfterTheReaderPaused_IsMeasuredFromTheNextMove([Values] Setting setting)
    {
        using var bench = With(setting, null, ScriptedAnswer.Text("a", "b") with { HangAfterChunks = 1 });
        await using var stream = bench.Client.GetStreamingResponseAsync("q").GetAsyncEnumerator();
        await stream.MoveNextAsync();
        bench.Clock.Advance(TimeSpan.FromHours(1));

        var pending = stream.MoveNextAsync().AsTask();
        bench.Clock.Advance(14 * Second);
        Assert.That(pending.IsCompleted, Is.False);
        bench.Clock.Advance(1 * Second);

        Assert.That(Assert.CatchAsync(() => pending), Is.TypeOf<LlmTimeoutException>().With.Property("Limit").EqualTo(TimeLimit.BetweenUpdates));
    }

    [Test]
    public async Task Stream_LongButLively_IsNotCut([Values] Setting setting)
    {
        var chunks = Enumerable.Repeat("x", 40).ToArray();
        using var bench = With(setting, null, ScriptedAnswer.Text(chunks) with { DelayBetween = 14 * Second });

        var text = await bench.AskAsync(streamed: true);

        Assert.That(text, Has.Length.EqualTo(40));
        Assert.That(bench.Call!.Duration, Is.GreaterThan(500 * Second));
        Assert.That(bench.TimersLeft(), Is.Zero);
    }

    [Test]
    public async Task Stream_ReaderPauses_TheModelIsNotBlamed([Values] Setting setting)
    {
        using var bench = With(setting, null, ScriptedAnswer.Text("a", "b", "c") with { DelayBetween = 14 * Second });
        await using var stream = bench.Client.GetStreamingResponseAsync("q").GetAsyncEnumerator();
        var text = "";

        while (await bench.Clock.FinishAsync(stream.MoveNextAsync().AsTask()))
        {
            text += stream.Current.Text;
            bench.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.That(text, Is.EqualTo("abc"));
    }

    [Test]
    public async Task Limits_AllNull_NoTimerIsMade([Values] bool streamed)
    {
        using var bench = With(Setting.Alone, options => options.TotalTimeout = options.AttemptTimeout = options.FirstContentTimeout = options.BetweenUpdatesTimeout = null, ScriptedAnswer.Hangs());
        using var caller = new CancellationTokenSource();

        var answer = bench.StartAsync(streamed, token: caller.Token);

        Assert.That(bench.Clock.ActiveTimers, Is.Zero);
        await caller.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => answer);
    }

    [TestCase(0, TimeLimit.FirstContent)]
    [TestCase(2, TimeLimit.BetweenUpdates)]
    public async Task Stream_EndsWithoutAWordWhenItsLimitCancelsIt_IsATimeout(int updates, TimeLimit limit)
    {
        var clock = new ManualTimeProvider();
        foreach (var (requireFinishReason, composed) in new[] { (false, false), (false, true), (true, true) })
        {
            using var services = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddLlmPipeline()
                .AddModel("m", new QuietChatClient(updates), options => options.RequireFinishReason = requireFinishReason)
                .UseResilience(options => options.MaxRetries = 0)
                .Services.BuildServiceProvider();
            using var alone = new ResilienceChatClient(new QuietChatClient(updates), new() { MaxRetries = 0 }, "m", logger: null, clock);

            var outcome = await clock.FinishAsync(Outcome.OfAsync(composed ? services.GetRequiredService<IChatClient>() : alone, streamed: true));

            Assert.That(outcome.Error, Is.TypeOf<LlmTimeoutException>().With.Property("Limit").EqualTo(limit).And.Property("Model").EqualTo("m"));
            Assert.That(outcome.Call!.Attempts.Select(attempt => attempt.Failure?.Kind), Is.EqualTo(composed ? new ModelFailureKind?[] { ModelFailureKind.Timeout } : []));
        }
    }

    [Test]
    public async Task Attempt_GuardIsUsedAgain_TheEarlierTimerDoesNotEndIt([Values] bool streamed)
    {
        using var bench = With(Setting.Alone, null, ScriptedAnswer.Text("a") with { Delay = 15 * Second });

        for (var i = 0; i < 5; i++)
            Assert.That(await bench.AskAsync(streamed), Is.EqualTo("a"));

        Assert.That(bench.Model.Requests, Has.Count.EqualTo(5));
        Assert.That(bench.TimersLeft(), Is.Zero);
    }
}
