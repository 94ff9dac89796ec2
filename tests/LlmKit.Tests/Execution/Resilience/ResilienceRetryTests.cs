using LlmKit.Execution.Resilience;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;
using static LlmKit.Tests.Execution.Resilience.ResilienceBench;

namespace LlmKit.Tests.Execution.Resilience;

public class ResilienceRetryTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Request_TransientFailure_IsRepeated(
        [Values] Setting setting,
        [Values] bool streamed,
        [Values(ModelFailureKind.RateLimited, ModelFailureKind.Overloaded, ModelFailureKind.Timeout, ModelFailureKind.Transient, ModelFailureKind.Truncated)] ModelFailureKind kind)
    {
        using var bench = With(setting, null, Fails(kind), Fails(kind), ScriptedAnswer.Text("a", "b"));

        var text = await bench.AskAsync(streamed);

        Assert.That(text, Is.EqualTo("ab"));
        Assert.That(bench.Model.Requests, Has.Count.EqualTo(3));
        Assert.That(bench.Steps.Select(step => (step.Decision, step.Attempt, step.Kind)), Is.EqualTo(new[] { ("retry", 1, kind), ("retry", 2, kind) }));
        Assert.That(bench.TimersLeft(), Is.Zero);
    }

    [Test]
    public async Task Request_LastingFailure_IsNotRepeated(
        [Values] Setting setting,
        [Values] bool streamed,
        [Values(
            ModelFailureKind.Unknown, ModelFailureKind.Unauthorized, ModelFailureKind.InvalidRequest, ModelFailureKind.ContextLengthExceeded,
            ModelFailureKind.ContentFiltered, ModelFailureKind.QuotaExhausted, ModelFailureKind.ModelNotFound)] ModelFailureKind kind)
    {
        using var bench = With(setting, null, Fails(kind));

        var exception = await bench.FailAsync(streamed);

        Assert.That(exception.GetModelFailure()!.Kind, Is.EqualTo(kind));
        Assert.That(bench.Model.Requests, Has.Count.EqualTo(1));
        Assert.That(bench.Steps, Is.Empty);
    }

    [TestCase(400, 1)]
    [TestCase(404, 1)]
    [TestCase(429, 3)]
    [TestCase(503, 3)]
    public async Task Request_PlainHttpStatus_IsRepeatedOnlyWhenItMayPass(int status, int requests)
    {
        using var bench = With(Setting.Alone, null, ScriptedAnswer.Throws(new HttpRequestException("no", null, (System.Net.HttpStatusCode)status)));

        await bench.FailAsync();

        Assert.That(bench.Model.Requests, Has.Count.EqualTo(requests));
    }

    [Test]
    public async Task Request_OneAttempt_ItsExceptionPassesAsItIs([Values] Setting setting, [Values] bool streamed)
    {
        var failure = Failure(ModelFailureKind.Overloaded);
        using var bench = With(setting, options => options.MaxRetries = 0, ScriptedAnswer.Throws(failure));

        var exception = await bench.FailAsync(streamed);

        Assert.That(exception, Is.SameAs(failure));
        Assert.That(exception.StackTrace, Does.Contain(nameof(ScriptedChatClient)));
    }

    [Test]
    public async Task Request_AllAttemptsFail_AllAreTold([Values] Setting setting, [Values] bool streamed)
    {
        var failures = new[] { Failure(ModelFailureKind.Overloaded), Failure(ModelFailureKind.RateLimited), Failure(ModelFailureKind.Transient) };
        using var bench = With(setting, null, [.. failures.Select(ScriptedAnswer.Throws)]);

        var exception = await bench.FailAsync(streamed);

        Assert.That(((AttemptsExhaustedException)exception).Failures, Is.EqualTo(failures));
        Assert.That(exception.InnerException, Is.SameAs(failures[0]));
        Assert.That(bench.Steps.Last().Decision, Is.EqualTo("give-up"));
        Assert.That(bench.Steps.Last().Attempt, Is.EqualTo(3));
    }

    [Test]
    public async Task Request_ItIsRefusedBelow_IsNotRepeated([Values] bool streamed)
    {
        using var bench = With(Setting.Composed, null, ScriptedAnswer.Text("a"));

        var exception = await bench.FailAsync(streamed, options: new() { ExcludedModels = ["m"] });

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>());
        Assert.That(bench.Steps, Is.Empty);
        Assert.That(bench.Clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Request_RefusedOnTheRetry_EndsWithBoth([Values] bool streamed)
    {
        var refusal = new AttemptRefusedException(RefusalReason.Limit, "m", "no");
        using var bench = With(Setting.Alone, null, Fails(), ScriptedAnswer.Throws(refusal), ScriptedAnswer.Text("never"));

        var exception = await bench.FailAsync(streamed);

        Assert.That(((AttemptsExhaustedException)exception).Failures, Has.Count.EqualTo(2).And.Member(refusal));
    }

    [Test]
    public async Task Request_CallerCancelsDuringAnAttempt_IsNotRepeated([Values] Setting setting, [Values] bool streamed)
    {
        using var caller = new CancellationTokenSource();
        using var bench = With(setting, null, ScriptedAnswer.Hangs());
        var answer = bench.StartAsync(streamed, token: caller.Token);

        await caller.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(() => answer);
        Assert.That(bench.Model.Requests, Has.Count.EqualTo(1));
        Assert.That(bench.Call!.Status, Is.EqualTo(LlmKit.Calls.CallStatus.Cancelled));
        await ManualTimeExtensions.UntilAsync(() => bench.Clock.ActiveTimers == 0);
    }

    [Test]
    public async Task Request_CallerCancelsDuringTheWait_EndsAtOnce([Values] Setting setting, [Values] bool streamed)
    {
        using var caller = new CancellationTokenSource();
        using var bench = With(setting, null, Fails());
        var answer = bench.StartAsync(streamed, token: caller.Token);
        await ManualTimeExtensions.UntilAsync(() => bench.Clock.ActiveTimers == 1);

        await caller.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(() => answer);
        Assert.That(bench.Model.Requests, Has.Count.EqualTo(1));
        await ManualTimeExtensions.UntilAsync(() => bench.Clock.ActiveTimers == 0);
    }

    [Test]
    public async Task Wait_NobodyAsksForOne_DoublesUpToTheCap([Values] bool streamed)
    {
        using var bench = With(Setting.Composed, options => (options.MaxRetries, options.BaseDelay, options.MaxDelay) = (4, Second, 3 * Second), Fails());

        await bench.FailAsync(streamed, step: TimeSpan.FromMilliseconds(1));

        Assert.That(bench.Steps.Where(step => step.Decision == "retry").Select(step => step.Wait!.Value.TotalSeconds), Is.EqualTo(new[] { 1, 2, 3, 3 }));
        Assert.That(bench.Call!.Duration, Is.EqualTo(9 * Second));
    }

    [Test]
    public async Task Wait_ProviderAsksForOne_EachAttemptsOwnIsTheLeast([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = With(
            setting, null, Fails(ModelFailureKind.RateLimited, 2 * Second), Fails(ModelFailureKind.RateLimited, 5 * Second), ScriptedAnswer.Text("a"));

        await bench.AskAsync(streamed, step: TimeSpan.FromMilliseconds(1));

        Assert.That(bench.Steps.Select(step => step.Wait), Is.EqualTo(new[] { 2 * Second, 5 * Second }));
        Assert.That(bench.Call!.Duration, Is.EqualTo(7 * Second));
    }

    [Test]
    public async Task Wait_LongerThanMaxRetryAfter_FailsAtOnce([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = With(setting, null, Fails(ModelFailureKind.RateLimited, 31 * Second));

        var exception = await bench.FailAsync(streamed);

        Assert.That(exception.GetModelFailure()!.RetryAfter, Is.EqualTo(31 * Second));
        Assert.That(exception, Is.Not.InstanceOf<AttemptsExhaustedException>());
        Assert.That(bench.Steps.Single().Decision, Is.EqualTo("give-up"));
        Assert.That(bench.Call!.Duration, Is.LessThan(Second));
    }

    [Test]
    public async Task Wait_DoesNotFitTheDeadline_FailsAtOnce([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = With(setting, null, Fails(ModelFailureKind.RateLimited, 6 * Second));

        var exception = await bench.FailAsync(streamed, options: new() { Deadline = bench.Clock.GetUtcNow() + 5 * Second });

        Assert.That(exception.GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.RateLimited));
        Assert.That(bench.Call!.Duration, Is.LessThan(Second));
        Assert.That(bench.Clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Wait_DoesNotFitTheTotalLimit_FailsAtOnce([Values] Setting setting, [Values] bool streamed)
    {
        using var bench = With(setting, options => options.TotalTimeout = 5 * Second, Fails(ModelFailureKind.RateLimited, 6 * Second));

        await bench.FailAsync(streamed);

        Assert.That(bench.Steps.Single().Reason, Does.Contain("TotalTimeout"));
        Assert.That(bench.Call!.Duration, Is.LessThan(Second));
    }

    [Test]
    public async Task Request_EachAttempt_GetsTheSameRequest([Values] bool streamed)
    {
        using var bench = With(Setting.Composed, null, Fails(), ScriptedAnswer.Text("a"));

        await bench.AskAsync(streamed);

        Assert.That(bench.Model.Requests.Select(request => request.Text), Is.EqualTo(new[] { "q", "q" }));
        Assert.That(bench.Call!.Attempts.Select(attempt => attempt.Failure?.Kind), Is.EqualTo(new ModelFailureKind?[] { ModelFailureKind.Overloaded, null }));
    }

    [Test]
    public async Task Request_EverythingIsOff_PassesThrough([Values] bool streamed)
    {
        using var bench = With(Setting.Alone, AllOff, Fails());

        await bench.FailAsync(streamed);

        Assert.That(bench.Model.Requests, Has.Count.EqualTo(1));
    }

    private static void AllOff(ResilienceOptions options)
    {
        options.MaxRetries = 0;
        options.FailureRatio = null;
        options.TotalTimeout = options.AttemptTimeout = options.FirstContentTimeout = options.BetweenUpdatesTimeout = null;
    }
}
