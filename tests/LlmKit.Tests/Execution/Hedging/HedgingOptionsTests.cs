using LlmKit.Execution.Hedging;
using LlmKit.Pipeline;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Hedging;

public sealed class HedgingOptionsTests
{
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Paris"));

    [Test]
    public void Constructor_EverythingIsWrong_TellsItAllAtOnce()
    {
        var options = new HedgingOptions { Delay = TimeSpan.FromSeconds(-1), Percentile = 0.2, Share = 1.5, Floor = -1 };

        var exception = Assert.Throws<LlmConfigurationException>(() => new HedgingChatClient(_model, options));

        Assert.That(exception.Failures, Has.Count.EqualTo(4));
        Assert.That(exception.Failures, Is.All.Contains("HedgingOptions.").And.EndsWith("."));
    }

    [TestCase(double.NaN)]
    [TestCase(1.0)]
    public void Constructor_PercentileOutsideItsRange_IsRefused(double percentile) =>
        Assert.That(() => new HedgingChatClient(_model, new() { Percentile = percentile }), Throws.TypeOf<LlmConfigurationException>());

    [Test]
    public async Task Configuration_WinsOverCode()
    {
        var clock = new ManualTimeProvider();
        var slow = new ScriptedChatClient((number, _) => HedgingRig.After(number == 0 ? 60 : 0, $"answer {number}"), clock);
        var configuration = ChangingConfiguration.Of(("Hedging:Delay", "00:00:07"), ("Hedging:Percentile", ""));
        using var rig = new BudgetRig(
            builder => builder.AddPriced("model", slow).UseHedging(options => (options.Delay, options.Percentile) = (TimeSpan.FromSeconds(1), 0.9)), configuration: configuration, time: clock);

        var outcome = await clock.FinishAsync(rig.AskAsync(streamed: false));

        Assert.That(outcome.Call!.Duration, Is.EqualTo(TimeSpan.FromSeconds(7)));
    }

    [Test]
    public void Order_InsideTheRetries_IsWarnedOf()
    {
        using var host = PipelineHost.For(_model, builder => builder.UseResilience().UseHedging());

        _ = host.Chat;

        Assert.That(host.Logs.Messages, Has.One.Contains("Resilience stands outside Hedging"));
    }
}
