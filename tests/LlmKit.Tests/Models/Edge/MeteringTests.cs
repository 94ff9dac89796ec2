using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

[TestFixture(false)]
[TestFixture(true)]
public sealed class MeteringTests(bool streamed)
{
    [Test]
    public async Task Ask_ReportedUsage_IsChargedAsReported()
    {
        var call = await CallAsync(Answer(new() { InputTokenCount = 100, OutputTokenCount = 50 }));

        Assert.That(call.Usage, Is.EqualTo(new TokenUsage { Input = 100, Output = 50 }));
        Assert.That(call.Cost, Is.EqualTo(200m));
        Assert.That(call.Attempts.Single().Estimated, Is.False);
    }

    [Test]
    public async Task Ask_NoUsage_IsEstimatedFromTheTextAndMarked()
    {
        var call = await CallAsync(new() { Chunks = ["The capital ", "of Fra", "nce is Paris."] });

        Assert.That(call.Attempts.Single().Estimated, Is.True);
        Assert.That(call.Usage.Output, Is.EqualTo(LlmKit.Models.TokenEstimator.Estimate("The capital of France is Paris.")));
        Assert.That(call.Usage.Input, Is.GreaterThan(5));
    }

    [Test]
    public async Task Ask_CachedWrittenAndReasoningTokens_AreChargedOnceAtTheirOwnRate()
    {
        var usage = new UsageDetails
        {
            InputTokenCount = 100,
            CachedInputTokenCount = 60,
            OutputTokenCount = 50,
            ReasoningTokenCount = 20,
            AdditionalCounts = new() { [TokenUsage.CacheWriteKey] = 10 },
        };
        var call = await CallAsync(Answer(usage), options => options.Price = new(1_000_000, 2_000_000, cachedInputPerMillion: 100_000, cacheWritePerMillion: 1_250_000, reasoningPerMillion: 3_000_000));

        Assert.That(call.Cost, Is.EqualTo(30m + 6m + 12.5m + 60m + 60m));
    }

    [Test]
    public async Task Ask_PartsThatExceedTheirWhole_AreBounded()
    {
        var usage = new UsageDetails { InputTokenCount = 10, CachedInputTokenCount = 99, OutputTokenCount = 5, ReasoningTokenCount = 50, AdditionalCounts = new() { [TokenUsage.CacheWriteKey] = 7 } };

        var call = await CallAsync(Answer(usage));

        Assert.That(call.Usage, Is.EqualTo(new TokenUsage { Input = 10, CachedInput = 10, Output = 5, Reasoning = 5 }));
    }

    [Test]
    public async Task Ask_NegativeUsage_IsEstimated()
    {
        var call = await CallAsync(Answer(new() { InputTokenCount = -5, OutputTokenCount = -9 }));

        Assert.That(call.Usage.Input, Is.GreaterThan(0));
        Assert.That(call.Usage.Output, Is.GreaterThan(0));
        Assert.That(call.Attempts.Single().Estimated, Is.True);
    }

    [Test]
    public async Task Ask_UsageBeyondReason_DoesNotOverflow()
    {
        var call = await CallAsync(Answer(new() { InputTokenCount = long.MaxValue, OutputTokenCount = long.MaxValue }));

        Assert.That(call.Usage.Total, Is.EqualTo(2L * int.MaxValue));
        Assert.That(call.Cost, Is.GreaterThan(0));
    }

    [Test]
    public async Task Ask_OnlyOutputReported_IsNotFreeOnTheInput()
    {
        var call = await CallAsync(Answer(new() { OutputTokenCount = 3 }));

        Assert.That(call.Usage.Output, Is.EqualTo(3));
        Assert.That(call.Usage.Input, Is.GreaterThan(0));
        Assert.That(call.Attempts.Single().Estimated, Is.True);
    }

    [Test]
    public async Task Ask_OnlyInputReported_IsNotFreeOnTheOutput()
    {
        var call = await CallAsync(Answer(new() { InputTokenCount = 3 }));

        Assert.That(call.Usage.Input, Is.EqualTo(3));
        Assert.That(call.Usage.Output, Is.GreaterThan(0));
    }

    [Test]
    public async Task Ask_UsageThatTheCallerChangesLater_StaysAsItWas()
    {
        var usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 5 };
        var call = await CallAsync(Answer(usage));

        usage.InputTokenCount = 1_000_000;

        Assert.That(call.Usage.Input, Is.EqualTo(10));
    }

    [Test]
    public async Task Ask_Attempt_SaysWhatItWas()
    {
        using var host = PipelineHost.For(Answer(new() { InputTokenCount = 1, OutputTokenCount = 1 }));

        var (_, call) = await host.Chat.AskAsync(streamed);

        var attempt = call.Attempts.Single();
        Assert.That((attempt.Model, attempt.Provider, attempt.Purpose, attempt.Failure, attempt.Priced), Is.EqualTo(("model", "scripted", (string?)null, (LlmKit.Models.ModelFailure?)null, true)));
        Assert.That(attempt.FirstContent is not null, Is.EqualTo(streamed));
    }

    [Test]
    public async Task Ask_ModelWithoutAPrice_CostsNothingAndSaysSo()
    {
        var call = await CallAsync(Answer(new() { InputTokenCount = 1, OutputTokenCount = 1 }), options => options.Price = null);

        Assert.That(call.Attempts.Single().Priced, Is.False);
        Assert.That(call.Cost, Is.Zero);
    }

    [Test]
    public async Task Ask_ToolCall_IsCountedAsOutput()
    {
        var call = await CallAsync(new() { Contents = [new FunctionCallContent("1", "look_up", new Dictionary<string, object?> { ["city"] = "Paris" })] });

        Assert.That(call.Usage.Output, Is.GreaterThan(3));
    }

    private static ScriptedAnswer Answer(UsageDetails usage) => new() { Chunks = ["Par", "is"], Usage = usage };

    private async Task<LlmCall> CallAsync(ScriptedAnswer answer, Action<ModelOptions>? facts = null)
    {
        using var host = PipelineHost.For(answer, facts: facts);
        return (await host.Chat.AskAsync(streamed)).Call;
    }
}
