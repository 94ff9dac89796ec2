using LlmKit.Calls;
using LlmKit.Execution.Resilience;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Resilience;

[NonParallelizable]
public class ResilienceCostTests
{
    [Test]
    public void GetResponseAsync_GoesWell_AllocatesLittle()
    {
        using var client = new ResilienceChatClient(new InstantChatClient());
        var call = new LlmCall(CallSetup.Alone("test", null, null), default, isStreaming: false);
        var options = new LlmCallOptions { Call = call };
        ChatMessage[] messages = [new(ChatRole.User, "q")];

        var bytes = Allocated.By(() => client.GetResponseAsync(messages, options).GetAwaiter().GetResult(), enough: 600);

        TestContext.Out.WriteLine($"{bytes} B");
        Assert.That(bytes, Is.LessThanOrEqualTo(600), "unoptimised code allocates its state machines; the benchmark has the true figure");
    }

    [Test]
    public async Task GetStreamingResponseAsync_UpdateIsThere_AllocatesNothing()
    {
        using var client = new ResilienceChatClient(new InstantChatClient());
        var call = new LlmCall(CallSetup.Alone("test", null, null), default, isStreaming: true);
        await using var stream = client.GetStreamingResponseAsync("q", new LlmCallOptions { Call = call }).GetAsyncEnumerator();
        await stream.MoveNextAsync();

        var bytes = Allocated.By(() => stream.MoveNextAsync().GetAwaiter().GetResult());

        Assert.That(bytes, Is.Zero);
    }

    /// <summary>Gives the same answer, and the same update for ever, without allocating.</summary>
    private sealed class InstantChatClient : IChatClient, IAsyncEnumerable<ChatResponseUpdate>, IAsyncEnumerator<ChatResponseUpdate>
    {
        private readonly Task<ChatResponse> _answer = Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "a")));

        public ChatResponseUpdate Current { get; } = new(ChatRole.Assistant, "a");

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => _answer;

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => this;

        public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public ValueTask<bool> MoveNextAsync() => new(true);

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public ValueTask DisposeAsync() => default;

        public void Dispose()
        {
        }
    }
}
