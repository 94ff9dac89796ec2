using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

[TestFixture(false)]
[TestFixture(true)]
public sealed class NestedPipelineTests(bool streamed)
{
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Paris"));
    private readonly RecordingLedger _shared = new();

    [Test]
    public async Task Ask_PipelineAsAModel_JoinsTheCallAndCountsMoneyOnce()
    {
        using var host = Nested();

        var (_, call) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Tenant = "acme" });

        Assert.That(call.Attempts.Select(attempt => attempt.Model), Is.EqualTo(["innermost"]));
        Assert.That(call.Cost, Is.EqualTo(12m));
        Assert.That(_shared.Holds.Select(hold => hold.Settled), Is.EqualTo(new decimal?[] { 12m }));
        Assert.That(_model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_PipelineAsAModelThatIsForced_PassesItsGate()
    {
        using var host = Nested();

        var (response, _) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Model = "nested" });

        Assert.That(response.Text, Is.EqualTo("Paris"));
    }

    [Test]
    public async Task Ask_PipelineAsAModelThatIsExcluded_IsRefused()
    {
        using var host = Nested();

        var exception = await host.Chat.FailAsync(streamed, new LlmCallOptions { ExcludedModels = ["nested"] });

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>());
    }

    [Test]
    public async Task Ask_InnerPipelinesCostConstraint_HoldsInTheOuterCall()
    {
        using var host = Nested(inner => inner.WithConstraints(constraints => constraints.CostPerCall = 1));

        var exception = await host.Chat.FailAsync(streamed, new LlmCallOptions { MaxOutputTokens = 10 });

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Property("Reason").EqualTo(RefusalReason.Budget));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Ask_InnerPipelinesTighterLatency_EndsTheInnerPart(bool deaf)
    {
        using var host = Nested(
            inner => inner.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(2)),
            outer => outer.WithConstraints(constraints => constraints.Latency = TimeSpan.FromDays(1)),
            ScriptedAnswer.Hangs() with { IsDeaf = deaf });

        var exception = await host.Clock.FinishAsync(host.Chat.FailAsync(streamed));

        Assert.That(exception, Is.TypeOf<LlmTimeoutException>().With.Property("After").EqualTo(TimeSpan.FromSeconds(2)).And.Property("Limit").EqualTo(TimeLimit.Deadline));
        Assert.That(exception.GetModelFailure()!.Kind, Is.EqualTo(LlmKit.Models.ModelFailureKind.Timeout));
        var call = exception.GetCall()!;
        await ManualTimeExtensions.UntilAsync(() => call.PendingAttempts == 0);
        Assert.That((call.Status, call.PendingAttempts, call.Attempts.Single().Failure!.Kind), Is.EqualTo((LlmKit.Calls.CallStatus.Failed, 0, LlmKit.Models.ModelFailureKind.Timeout)));
        Assert.That(_shared.Holds.Single().Settled, Is.GreaterThan(0));
        Assert.That(host.Clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Ask_InnerPipelinesTighterLatency_LetsAnotherModelAnswer()
    {
        using var host = Nested(
            inner => inner.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(2)),
            outer => outer.AddModel("spare", new ScriptedChatClient(ScriptedAnswer.Text("from the spare")), options => options.Price = new(1_000_000, 2_000_000)).UseRouter(),
            ScriptedAnswer.Hangs());

        var (response, call) = await host.Clock.FinishAsync(host.Chat.AskAsync(streamed));

        Assert.That(response.Text, Is.EqualTo("from the spare"));
        Assert.That(call.Attempts.Select(attempt => attempt.Model), Is.EqualTo(["innermost", "spare"]));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Ask_InnerPipelinesFirstContent_EndsTheInnerPartOfAStream(bool deaf)
    {
        using var host = Nested(
            inner => inner.WithConstraints(constraints => (constraints.FirstContent, constraints.Latency) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8))),
            answer: ScriptedAnswer.Hangs() with { IsDeaf = deaf });

        var exception = await host.Clock.FinishAsync(host.Chat.FailAsync(streamed));

        var (limit, after) = streamed ? (TimeLimit.FirstContent, 2) : (TimeLimit.Deadline, 8);
        Assert.That(exception, Is.TypeOf<LlmTimeoutException>().With.Property("After").EqualTo(TimeSpan.FromSeconds(after)).And.Property("Limit").EqualTo(limit));
        var call = exception.GetCall()!;
        await ManualTimeExtensions.UntilAsync(() => call.PendingAttempts == 0);
        Assert.That(call.Attempts.Single().Failure!.Kind, Is.EqualTo(LlmKit.Models.ModelFailureKind.Timeout));
        Assert.That(host.Clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Ask_InnerPipelinesFirstContent_LetsAnotherModelAnswerAStream()
    {
        using var host = Nested(
            inner => inner.WithConstraints(constraints => (constraints.FirstContent, constraints.Latency) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8))),
            outer => outer.AddModel("spare", new ScriptedChatClient(ScriptedAnswer.Text("from the spare")), options => options.Price = new(1_000_000, 2_000_000)).UseRouter(),
            ScriptedAnswer.Hangs());

        var (response, call) = await host.Clock.FinishAsync(host.Chat.AskAsync(streamed));

        Assert.That(response.Text, Is.EqualTo("from the spare"));
        Assert.That(call.Attempts.Select(attempt => (attempt.Model, attempt.Duration.TotalSeconds >= (streamed ? 2 : 8), attempt.Duration.TotalSeconds < (streamed ? 3 : 9))), Has.One.EqualTo(("innermost", true, true)));
    }

    [Test]
    public async Task Ask_WithinTheInnerPipelinesFirstContent_MayTakeItsTimeAfterwards()
    {
        using var host = Nested(
            inner => inner.WithConstraints(constraints => constraints.FirstContent = TimeSpan.FromSeconds(2)),
            answer: ScriptedAnswer.Text("Par", "is") with { Delay = TimeSpan.FromSeconds(1), DelayBetween = TimeSpan.FromSeconds(30) });

        var (response, _) = await host.Clock.FinishAsync(host.Chat.AskAsync(streamed));

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(host.Clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Ask_OutersTighterLatency_EndsTheWholeCall()
    {
        using var host = Nested(
            inner => inner.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(60)),
            outer => outer.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(2)),
            ScriptedAnswer.Hangs());

        var exception = await host.Clock.FinishAsync(host.Chat.FailAsync(streamed));

        Assert.That(exception, Is.TypeOf<LlmTimeoutException>().With.Property("After").EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public async Task Ask_WithinTheInnerPipelinesLatency_IsAnsweredAndLeavesNoTimer()
    {
        using var host = Nested(inner => inner.WithConstraints(constraints => constraints.Latency = TimeSpan.FromDays(1)), answer: ScriptedAnswer.Text("Par", "is") with { Delay = TimeSpan.FromSeconds(1) });

        var (response, call) = await host.Clock.FinishAsync(host.Chat.AskAsync(streamed));

        Assert.That((response.Text, call.Cost), Is.EqualTo(("Paris", 14m)));
        Assert.That(host.Clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Ask_CancelledWhileTheInnerPipelinesLatencyRuns_IsACancellation()
    {
        using var cancel = new CancellationTokenSource();
        using var host = Nested(inner => inner.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(2)), answer: ScriptedAnswer.Hangs());

        var failing = host.Chat.FailAsync(streamed, null, cancel.Token);
        await cancel.CancelAsync();

        var exception = await host.Clock.FinishAsync(failing);
        Assert.That(exception, Is.InstanceOf<OperationCanceledException>());
        Assert.That(exception.GetCall()!.Attempts.Single().Failure!.Kind, Is.EqualTo(LlmKit.Models.ModelFailureKind.Cancelled));
    }

    [Test]
    public async Task Ask_StageAroundAPipelineWithALatency_IsHeldToIt()
    {
        using var host = PipelineHost.For(new ScriptedChatClient(ScriptedAnswer.Hangs()), builder => builder.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(5)));
        using var traced = LlmStages.Tracing()(host.Chat, host.Services);

        var exception = await host.Clock.FinishAsync(traced.FailAsync(streamed));

        Assert.That(exception, Is.TypeOf<LlmTimeoutException>().With.Property("After").EqualTo(TimeSpan.FromSeconds(5)));
    }

    private PipelineHost Nested(Action<LlmPipelineBuilder>? more = null, Action<LlmPipelineBuilder>? around = null, ScriptedAnswer? answer = null) => new(
        outer =>
        {
            outer.AddModel("nested", services => services.GetRequiredKeyedService<IChatClient>("inner")).UseLedger(_shared);
            around?.Invoke(outer);
        },
        services =>
        {
            var time = services.Select(service => service.ImplementationInstance).OfType<TimeProvider>().Single();
            var inner = services.AddLlmPipeline("inner")
                .AddModel("innermost", answer is null ? _model : new ScriptedChatClient((_, _) => answer, time), options => options.Price = new(1_000_000, 2_000_000))
                .UseLedger(_shared);
            more?.Invoke(inner);
        });
}
