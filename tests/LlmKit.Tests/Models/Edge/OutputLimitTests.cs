using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

[TestFixture(false)]
[TestFixture(true)]
public sealed class OutputLimitTests(bool streamed)
{
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Paris"));

    [TestCase(null, null, 4_096)]
    [TestCase(1_000, null, 1_000)]
    [TestCase(100_000, null, 4_096)]
    [TestCase(1_000, 500, 500)]
    [TestCase(1_000, 5_000, 1_000)]
    [TestCase(null, 100_000, 100_000)]
    public async Task Ask_OutputLimit_IsTheLeastOfModelAndCall(int? model, int? asked, int sent)
    {
        var ledger = new RecordingLedger();
        using var host = Host(ledger, options => options.MaxOutputTokens = model);

        await host.Chat.AskAsync(streamed, new() { MaxOutputTokens = asked });

        Assert.That(_model.Requests[0].Options!.MaxOutputTokens, Is.EqualTo(sent));
        Assert.That(ledger.Holds.Single().Reserved, Is.EqualTo(WorstInput + 2m * sent));
    }

    [Test]
    public async Task Ask_LittleMoneyLeft_SendsAndReservesWhatItAffords()
    {
        var ledger = new RecordingLedger(limit: 220);
        using var host = Host(ledger);

        var (_, call) = await host.Chat.AskAsync(streamed);

        var sent = _model.Requests[0].Options!.MaxOutputTokens!.Value;
        Assert.That(sent, Is.InRange(16, 110));
        Assert.That(ledger.Holds.Single().Reserved, Is.LessThanOrEqualTo(220m).And.GreaterThan(218m));
        Assert.That(call.Marks.HasFlag(AnswerMarks.Shrunk), Is.True);
    }

    [Test]
    public async Task Ask_SeveralLimits_SendsWhatTheTightestAffords()
    {
        var tight = new RecordingLedger(limit: 220);
        using var host = PipelineHost.For(_model, builder => builder.UseLedger(new RecordingLedger(limit: 1_000)).UseAtOpening(call => call.AddSpendingHook(tight)));

        await host.Chat.AskAsync(streamed);

        Assert.That(tight.Holds.Single().Reserved, Is.LessThanOrEqualTo(220m));
    }

    [Test]
    public async Task Ask_MoneyForNoUsefulAnswer_IsRefusedByTheLimitItself()
    {
        var ledger = new RecordingLedger(limit: 25);
        using var host = Host(ledger);

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception.Message, Is.EqualTo("The ledger is exhausted."));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_PromptThatLeavesLittleOfTheWindow_SendsWhatFits()
    {
        using var host = PipelineHost.For(_model, facts: options => options.ContextWindow = 100);

        await host.Chat.AskAsync(streamed);

        Assert.That(_model.Requests[0].Options!.MaxOutputTokens, Is.InRange(80, 95));
    }

    [Test]
    public async Task Ask_NegativeOutputLimit_IsRefused()
    {
        var ledger = new RecordingLedger();
        using var host = Host(ledger);

        var exception = await host.Chat.FailAsync(streamed, new() { MaxOutputTokens = -1 });

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Message.Contains("MaxOutputTokens"));
        Assert.That(ledger.Holds, Is.Empty);
    }

    [Test]
    public async Task Ask_NoPriceUnderALimitOnMoney_IsRefusedWithTheRemedy()
    {
        using var host = Host(new RecordingLedger(), options => options.Price = null);

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Property("Reason").EqualTo(RefusalReason.Budget));
        Assert.That(exception.Message, Does.Contain("ModelPrice.Free"));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_NoPriceUnderALimitThatNeedsNone_Answers()
    {
        var ledger = new RecordingLedger { NeedsPrice = false };
        using var host = Host(ledger, options => options.Price = null);

        await host.Chat.AskAsync(streamed);

        Assert.That(ledger.Holds.Single().Ends, Is.EqualTo(1));
    }

    [Test]
    public async Task Ask_FreeModelUnderALimit_Answers()
    {
        using var host = Host(new RecordingLedger(limit: 0), options => options.Price = ModelPrice.Free);

        var (response, call) = await host.Chat.AskAsync(streamed);

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(call.Attempts.Single().Priced, Is.True);
    }

    private static decimal WorstInput { get; } = new LlmKit.Models.RequestFacts(Asking.Question, null).WorstTokens(new("model", new(), entry: null, provider: null, clientModelId: null));

    private PipelineHost Host(RecordingLedger ledger, Action<ModelOptions>? facts = null) => PipelineHost.For(_model, builder => builder.UseLedger(ledger), facts);
}
