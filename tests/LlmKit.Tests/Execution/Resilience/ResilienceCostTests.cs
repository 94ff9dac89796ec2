using LlmKit.Calls;
using LlmKit.Execution.Resilience;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Resilience;

[NonParallelizable]
public class ResilienceCostTests
{
    private const int Rounds = 2_000;

    [Test]
    public void GetResponseAsync_GoesWell_AllocatesLittle()
    {
        using var client = new ResilienceChatClient(new InstantChatClient());
        var call = new LlmCall(CallSetup.Alone("test", null, null), default, isStreaming: false);
        var options = new LlmCallOptions { Call = call };
        ChatMessage[] messages = [new(ChatRole.User, "q")];

        var bytes = Measure(() => client.GetResponseAsync(messages, options).GetAwaiter().GetResult()) / Rounds;

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

        var bytes = Measure(() => stream.MoveNextAsync().GetAwaiter().GetResult());

        Assert.That(bytes / Rounds, Is.Zero);
    }

    private static long Measure(Action action)
    {
        for (var i = 0; i < Rounds; i++)
            action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
            action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
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
