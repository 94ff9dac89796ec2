using LlmKit.Testing;
using LlmKit.Tests.Observability.Tracing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Hedging;

/// <summary>What hedges are counted by, on the same model and across models: decisions, models and reasons, all bounded.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class HedgingTelemetryTests(bool streamed)
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);
    private readonly ManualTimeProvider _clock = new();
    private readonly string _model = "model-" + Guid.NewGuid().ToString("n");

    [Test]
    public async Task Metrics_HedgeOfOneModel_CountsItsDecisions()
    {
        using var recorder = new TelemetryRecorder(spans: false);
        var model = new ScriptedChatClient((number, _) => number == 0 ? Slow("first") : ScriptedAnswer.Text("second"), _clock);

        await AskAsync(pipeline => pipeline.AddModel(_model, model).UseHedging(hedging => hedging.Delay = Delay));

        Assert.That(Decisions(recorder, "llmkit.hedging.decisions", "llmkit.hedging.reason"), Is.EqualTo(new[] { "hedged slow", "hedge-won " }));
    }

    [Test]
    public async Task Metrics_HedgeThatIsNotMade_CountsWhy()
    {
        using var recorder = new TelemetryRecorder(spans: false);

        await AskAsync(pipeline => pipeline.AddModel(_model, new ScriptedChatClient((_, _) => Slow("first"), _clock))
            .UseHedging(hedging => (hedging.Delay, hedging.Share, hedging.Floor) = (Delay, 0, 0)));

        Assert.That(Decisions(recorder, "llmkit.hedging.decisions", "llmkit.hedging.reason"), Is.EqualTo(new[] { "not-hedged the model's hedge budget is used up" }));
    }

    [Test]
    public async Task Metrics_HedgeAcrossModels_CountsTheRoutersDecisions()
    {
        using var recorder = new TelemetryRecorder(spans: false);

        await AskAsync(pipeline => pipeline.AddModel("slow-" + _model, new ScriptedChatClient((_, _) => Slow("slow"), _clock)).AddModel(_model, new ScriptedChatClient(ScriptedAnswer.Text("quick")))
            .UseRouter(router => router.Hedge(hedging => hedging.Delay = Delay)));

        Assert.That(Decisions(recorder, "llmkit.router.decisions", "llmkit.observed"), Is.EqualTo(new[] { "hedged False", "hedge-won False" }));
        Assert.That(recorder.Measurements("llmkit.router.decisions", LlmKitDiagnostics.ModelTag, "slow-" + _model).Select(one => one.Tags["llmkit.decision"]), Is.EqualTo(new[] { "chosen" }));
    }

    private static ScriptedAnswer Slow(string text) => ScriptedAnswer.Text(text) with { Delay = TimeSpan.FromSeconds(9) };

    private IEnumerable<string> Decisions(TelemetryRecorder recorder, string instrument, string other) =>
        recorder.Measurements(instrument, LlmKitDiagnostics.ModelTag, _model).Select(one => $"{one.Tags["llmkit.decision"]} {one.Tags[other]}");

    private async Task AskAsync(Action<LlmPipelineBuilder> compose)
    {
        var pipeline = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddLlmPipeline();
        compose(pipeline);
        await using var services = pipeline.Services.BuildServiceProvider();
        var outcome = await _clock.FinishAsync(Outcome.OfAsync(services.GetRequiredService<IChatClient>(), streamed));
        Assert.That(outcome.Error, Is.Null);
    }
}
