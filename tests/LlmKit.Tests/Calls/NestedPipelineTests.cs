using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

[TestFixture(false)]
[TestFixture(true)]
public sealed class NestedPipelineTests
{
    private readonly bool _streamed;
    private readonly ScriptedChatClient _model;
    private readonly RecordingLedger _shared = new();
    private ScriptedAnswer _answer = ScriptedAnswer.Text("Paris");

    public NestedPipelineTests(bool streamed)
    {
        _streamed = streamed;
        _model = new((_, _) => _answer);
    }

    [Test]
    public async Task Ask_PipelineAsAModel_JoinsTheCallAndCountsMoneyOnce()
    {
        using var host = Nested();

        var (_, call) = await host.Chat.AskAsync(_streamed, new LlmCallOptions { Tenant = "acme" });

        Assert.That(call.Attempts.Select(attempt => attempt.Model), Is.EqualTo(["innermost"]));
        Assert.That(call.Cost, Is.EqualTo(12m));
        Assert.That(_shared.Holds.Select(hold => hold.Settled), Is.EqualTo(new decimal?[] { 12m }));
        Assert.That(_model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_PipelineAsAModelThatIsForced_PassesItsGate()
    {
        using var host = Nested();

        var (response, _) = await host.Chat.AskAsync(_streamed, new LlmCallOptions { Model = "nested" });

        Assert.That(response.Text, Is.EqualTo("Paris"));
    }

    [Test]
    public async Task Ask_PipelineAsAModelThatIsExcluded_IsRefused()
    {
        using var host = Nested();

        var exception = await host.Chat.FailAsync(_streamed, new LlmCallOptions { ExcludedModels = ["nested"] });

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>());
    }

    [Test]
    public async Task Ask_InnerPipelinesCostConstraint_HoldsInTheOuterCall()
    {
        using var host = Nested(inner => inner.WithConstraints(constraints => constraints.CostPerCall = 1));

        var exception = await host.Chat.FailAsync(_streamed, new LlmCallOptions { MaxOutputTokens = 10 });

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Property("Reason").EqualTo(RefusalReason.Budget));
    }

    [Test]
    public async Task Ask_InnerPipelinesLatency_HoldsInTheOuterCall([Values] bool deaf)
    {
        _answer = ScriptedAnswer.Hangs() with { IsDeaf = deaf };
        using var host = Nested(inner => inner.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(5)));

        var failing = host.Chat.FailAsync(_streamed);
        var exception = await host.Clock.FinishAsync(failing);

        Assert.That(exception, Is.TypeOf<LlmTimeoutException>().With.Property("Limit").EqualTo(TimeLimit.Deadline).And.Property("After").EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(exception.GetCall()!.Duration, Is.EqualTo(TimeSpan.FromSeconds(5)).Within(TimeSpan.FromSeconds(1)));
        await ManualTimeExtensions.UntilAsync(() => _shared.Holds is [{ Ends: 1 }]);
        Assert.That(host.Clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Ask_OuterPipelinesEarlierLatency_IsTheOneNamed()
    {
        _answer = ScriptedAnswer.Hangs();
        using var host = Nested(inner => inner.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(5)));

        var exception = await host.Clock.FinishAsync(host.Chat.FailAsync(_streamed, new LlmCallOptions { Deadline = host.Clock.GetUtcNow().AddSeconds(3) }));

        Assert.That(exception, Is.TypeOf<LlmTimeoutException>().With.Property("After").EqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public async Task Ask_InnerPipelinesLatency_LeavesAnAnswerInTimeAsItIs()
    {
        using var host = Nested(inner => inner.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(5)));

        var (response, _) = await host.Chat.AskAsync(_streamed);

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(host.Clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Ask_StageAroundAPipelineWithALatency_IsHeldToIt()
    {
        _answer = ScriptedAnswer.Hangs();
        using var host = PipelineHost.For(_model, builder => builder.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(5)));
        using var traced = LlmStages.Tracing()(host.Chat, host.Services);

        var exception = await host.Clock.FinishAsync(traced.FailAsync(_streamed));

        Assert.That(exception, Is.TypeOf<LlmTimeoutException>().With.Property("After").EqualTo(TimeSpan.FromSeconds(5)));
    }

    private PipelineHost Nested(Action<LlmPipelineBuilder>? more = null) => new(
        outer => outer.AddModel("nested", services => services.GetRequiredKeyedService<IChatClient>("inner")).UseLedger(_shared),
        services =>
        {
            var inner = services.AddLlmPipeline("inner")
                .AddModel("innermost", _model, options => options.Price = new(1_000_000, 2_000_000))
                .UseLedger(_shared);
            more?.Invoke(inner);
        });
}
