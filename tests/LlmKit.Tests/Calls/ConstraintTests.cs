using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

[TestFixture(false)]
[TestFixture(true)]
public sealed class ConstraintTests(bool streamed)
{
    [Test]
    public async Task Ask_WithinItsConstraints_ReportsThemMet()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.WithConstraints(constraints =>
        {
            constraints.Latency = TimeSpan.FromSeconds(1);
            constraints.CostPerCall = 100_000;
        }));

        var (_, call) = await host.Chat.AskAsync(streamed);

        Assert.That(call.Constraints.Select(outcome => (outcome.Name, outcome.Limit, outcome.Actual, outcome.Met)), Is.EqualTo(new[] { ("latency", 1m, 0m, true), ("cost", 100_000m, 12m, true) }));
    }

    [Test]
    public async Task Ask_TruthAboveTheReservation_ReportsTheCostBroken()
    {
        var answer = ScriptedAnswer.Text("Paris") with { Usage = new() { InputTokenCount = 10_000, OutputTokenCount = 10_000 } };
        using var host = PipelineHost.For(answer, builder => builder.WithConstraints(constraints => constraints.CostPerCall = 10_000));

        var (_, call) = await host.Chat.AskAsync(streamed);

        Assert.That(call.Constraints.Single().Met, Is.False);
        Assert.That(call.Cost, Is.EqualTo(30_000m));
    }

    [Test]
    public async Task Ask_PastItsLatency_ReportsItBroken()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Hangs(), builder => builder.WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(1)));

        var failing = host.Chat.FailAsync(streamed);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var exception = await failing;

        Assert.That(exception.GetCall()!.Constraints.Single().Met, Is.False);
    }

    [Test]
    public async Task Ask_WorstCaseAboveTheCallsMaxCost_IsRefusedBeforeAnythingIsSent()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Paris"));
        using var host = PipelineHost.For(model);

        var exception = await host.Chat.FailAsync(streamed, new LlmCallOptions { MaxCost = 1 });

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Property("Reason").EqualTo(RefusalReason.Budget));
        Assert.That(exception.Message, Does.Contain("MaxCost"));
        Assert.That(model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_MaxCostBelowTheDefaultAnswer_SendsAShorterLimit()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Paris"));
        using var host = PipelineHost.For(model);

        var (_, call) = await host.Chat.AskAsync(streamed, new LlmCallOptions { MaxCost = 120 });

        Assert.That(model.Requests[0].Options!.MaxOutputTokens, Is.InRange(16, 60));
        Assert.That(call.Marks, Is.EqualTo(LlmKit.Calls.AnswerMarks.Shrunk));
    }

    [Test]
    public async Task Ask_MaxCostBeyondReason_FailsTheCallItself()
    {
        var completed = 0;
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"));

        var exception = await host.Chat.FailAsync(streamed, new LlmCallOptions { MaxCost = decimal.MaxValue, OnCompleted = _ => completed++ });

        Assert.That(exception, Is.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(completed, Is.EqualTo(1));
    }
}
