using System.Net;
using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

public sealed class StreamUsageTests
{
    [Test]
    public async Task Stream_CumulativeUsage_IsNotSummed()
    {
        var call = await CallAsync(Usage(10, 1), Usage(10, 5), Usage(10, 9));

        Assert.That(call.Usage, Is.EqualTo(new TokenUsage { Input = 10, Output = 9 }));
    }

    [Test]
    public async Task Stream_InputFirstAndOutputLast_KeepsBoth()
    {
        var call = await CallAsync(Usage(10, 1), Usage(null, 9));

        Assert.That(call.Usage, Is.EqualTo(new TokenUsage { Input = 10, Output = 9 }));
        Assert.That(call.Attempts.Single().Estimated, Is.False);
    }

    [Test]
    public async Task Stream_LaterUsageThatSaysLess_DoesNotLowerIt()
    {
        var call = await CallAsync(Usage(10, 9), Usage(0, 0));

        Assert.That(call.Usage, Is.EqualTo(new TokenUsage { Input = 10, Output = 9 }));
    }

    [Test]
    public async Task Stream_CutAfterAnEarlyUsage_IsChargedForAllThatWasSeen()
    {
        const string Seen = "Paris has been the capital of France for most of its history.";
        using var host = PipelineHost.For(new UpdatesChatClient([new(ChatRole.Assistant, [Usage(10, 1)]), new(ChatRole.Assistant, Seen)]));

        var exception = await host.Chat.FailAsync(streamed: true);

        var attempt = exception.GetCall()!.Attempts.Single();
        Assert.That(exception, Is.InstanceOf<TruncatedAnswerException>());
        Assert.That(attempt.Usage, Is.EqualTo(new TokenUsage { Input = 10, Output = LlmKit.Models.TokenEstimator.Estimate(Seen) }));
        Assert.That(attempt.Estimated, Is.True);
    }

    [Test]
    public async Task Stream_RefusedAfterItHadBegun_IsChargedForItsInput()
    {
        using var host = PipelineHost.For(new BreakingChatClient(new HttpRequestException("overloaded", null, HttpStatusCode.ServiceUnavailable)));

        var exception = await host.Chat.FailAsync(streamed: true);

        Assert.That(exception.GetCall()!.Usage.Input, Is.GreaterThan(0));
        Assert.That(exception.GetCall()!.Usage.Output, Is.Zero);
    }

    [Test]
    public async Task Stream_NullUpdate_IsTheModelsFailure()
    {
        var updates = new ChatResponseUpdate?[] { new(ChatRole.Assistant, "Par"), null };
        using var host = PipelineHost.For(new UpdatesChatClient(updates!));

        var exception = await host.Chat.FailAsync(streamed: true);

        Assert.That(exception, Is.InstanceOf<LlmException>());
        Assert.That(exception.GetModelFailure()!.Kind, Is.EqualTo(LlmKit.Models.ModelFailureKind.Transient));
        Assert.That(exception.GetCall()!.Cost, Is.GreaterThan(0));
    }

    private static async Task<LlmCall> CallAsync(params UsageContent[] usages)
    {
        var updates = usages.Select(usage => new ChatResponseUpdate(ChatRole.Assistant, [usage])).ToList();
        updates.Add(new(ChatRole.Assistant, "Paris") { FinishReason = ChatFinishReason.Stop });
        using var host = PipelineHost.For(new UpdatesChatClient([.. updates]));
        return (await host.Chat.AskAsync(streamed: true)).Call;
    }

    private static UsageContent Usage(long? input, long? output) => new(new() { InputTokenCount = input, OutputTokenCount = output });

    /// <summary>Streams given updates as they are.</summary>
    private sealed class UpdatesChatClient(ChatResponseUpdate[] updates) : DelegatingChatClient(new ScriptedChatClient(new ScriptedAnswer()))
    {
        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            updates.ToAsyncEnumerable();
    }

    /// <summary>Begins a stream with a role, and fails.</summary>
    private sealed class BreakingChatClient(Exception failure) : DelegatingChatClient(new ScriptedChatClient(new ScriptedAnswer()))
    {
        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            yield return new(ChatRole.Assistant, []);
            throw failure;
        }
    }
}
