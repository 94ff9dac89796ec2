using LlmKit.Execution.Idempotency;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

public sealed class IdempotencyOptionsTests
{
    private readonly ScriptedChatClient _model = new((number, _) => ScriptedAnswer.Text($"answer {number}"));

    [Test]
    public void Constructor_EverythingIsWrong_TellsItAllAtOnce()
    {
        var options = new IdempotencyOptions { Window = TimeSpan.Zero, MaxEntries = 0, MaxBytes = 10, StoreTimeout = TimeSpan.FromHours(1), WhenStoreFails = (WhenStoreFails)7 };

        var exception = Assert.Throws<LlmConfigurationException>(() => new IdempotencyChatClient(_model, options));

        Assert.That(exception.Failures, Has.Count.EqualTo(5));
        Assert.That(exception.Failures, Is.All.Contains("IdempotencyOptions.").And.EndsWith("."));
    }

    [Test]
    public async Task Configuration_WinsOverCode()
    {
        using var rig = new BudgetRig(
            builder => builder.AddPriced("model", _model).UseIdempotency(options => options.Window = TimeSpan.FromDays(2)),
            configuration: ChangingConfiguration.Of(("Idempotency:Window", "00:01:00")));
        await rig.AskAsync(streamed: false, IdempotencyRig.Keyed());
        rig.Clock.Advance(TimeSpan.FromMinutes(1));

        var outcome = await rig.AskAsync(streamed: false, IdempotencyRig.Keyed());

        Assert.That(outcome.Text, Is.EqualTo("answer 1"));
    }

    [Test]
    public void Order_InsideTheCache_IsWarnedOf()
    {
        using var host = PipelineHost.For(_model, builder => builder.UseSemanticCache().UseIdempotency());

        _ = host.Chat;

        Assert.That(host.Logs.Messages, Has.One.Contains("SemanticCache stands outside Idempotency"));
    }
}
