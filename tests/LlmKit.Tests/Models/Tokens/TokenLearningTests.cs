using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Tokens;

/// <summary>What a pipeline learns of a model's tokenizer, and from what.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class TokenLearningTests(bool streamed)
{
    private const long Reported = 16;

    private static readonly RequestFacts Question = new(Asking.Question, null);

    [Test]
    public async Task Ask_ReportedUsage_CorrectsTheModelsEstimates()
    {
        using var host = PipelineHost.For(Reporting(Reported));

        await AskAsync(host.Chat, times: 30);

        Assert.That(Question.Tokens(ModelOf(host)), Is.EqualTo(Reported).Within(1));
    }

    [Test]
    public async Task Ask_UsageAboveTheWorstCase_RaisesWhatIsReserved()
    {
        var ledger = new RecordingLedger();
        using var host = PipelineHost.For(Reporting(60), builder => builder.UseLedger(ledger), options => options.Price = new(1_000_000, 0));

        await AskAsync(host.Chat, times: 3);

        Assert.That(ledger.Holds[0].Reserved, Is.LessThan(60));
        Assert.That(ledger.Holds[2].Reserved, Is.GreaterThanOrEqualTo(60));
    }

    [Test]
    public async Task Ask_ShortRequestThatIsSlightlyMore_RaisesNothing()
    {
        var ledger = new RecordingLedger();
        using var host = PipelineHost.For(Reporting(30), builder => builder.UseLedger(ledger), options => options.Price = new(1_000_000, 0));

        await AskAsync(host.Chat, times: 3);

        Assert.That(ledger.Holds[2].Reserved, Is.EqualTo(ledger.Holds[0].Reserved));
    }

    [TestCase(0L)]
    [TestCase(-7L)]
    public async Task Ask_NoUsageWorthTheName_TeachesNothing(long reported)
    {
        using var host = PipelineHost.For(Reporting(reported));
        var before = Question.Tokens(ModelOf(host));

        await AskAsync(host.Chat, times: 10);

        Assert.That(Question.Tokens(ModelOf(host)), Is.EqualTo(before));
    }

    [Test]
    public async Task Stream_CutAfterItsUsage_TeachesNothing()
    {
        using var host = PipelineHost.For(new ScriptedAnswer { Chunks = ["Par"], Usage = new() { InputTokenCount = 40, OutputTokenCount = 1 }, FinishReason = null });
        var before = Question.Tokens(ModelOf(host));

        for (var i = 0; i < 10; i++)
            await host.Chat.FailAsync(streamed: true);

        Assert.That(Question.Tokens(ModelOf(host)), Is.EqualTo(before));
    }

    [Test]
    public async Task Reload_OfTheSameModel_KeepsWhatWasLearntAndOfAnotherDoesNot()
    {
        var configuration = ChangingConfiguration.Of(("Models:model:ModelId", "first"));
        using var host = new PipelineHost(builder => builder.AddModel("model", Reporting(Reported)), configuration: configuration);
        var before = Question.Tokens(ModelOf(host));
        await AskAsync(host.Chat, times: 30);

        configuration.Change("Models:model:ContextWindow", "5000");
        var same = ModelOf(host);
        configuration.Change("Models:model:ModelId", "second");
        var other = ModelOf(host);

        Assert.That((same.ContextWindow, Question.Tokens(same)), Is.EqualTo((5_000, Reported)));
        Assert.That((other.ModelId, Question.Tokens(other)), Is.EqualTo(("second", before)));
    }

    [Test]
    public async Task Ask_OutputThatIsNotReported_IsCorrectedLikeTheInput()
    {
        const string Answer = "The capital of France has been Paris for most of its history.";
        var learnt = new ScriptedAnswer { Chunks = ["Paris"], Usage = new() { InputTokenCount = Reported, OutputTokenCount = 1 } };
        using var host = PipelineHost.For(new ScriptedChatClient((number, _) => number < 30 ? learnt : new() { Chunks = [Answer] }));
        await AskAsync(host.Chat, times: 30);

        var (_, call) = await host.Chat.AskAsync(streamed);

        Assert.That(call.Usage.Input, Is.EqualTo(Reported).Within(1));
        Assert.That(call.Usage.Output, Is.GreaterThan(TokenEstimator.Estimate(Answer)));
    }

    private static ScriptedChatClient Reporting(long tokens) =>
        new(new ScriptedAnswer { Chunks = ["Paris"], Usage = new() { InputTokenCount = tokens, OutputTokenCount = 1 } });

    private static Model ModelOf(PipelineHost host) => host.Chat.GetService<Model>()!;

    private async Task AskAsync(IChatClient chat, int times)
    {
        for (var i = 0; i < times; i++)
            await chat.AskAsync(streamed);
    }
}
