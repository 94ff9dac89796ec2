using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Execution.Resilience;

/// <summary>A client written by hand: it streams as long as nobody cancels it, and then ends without a word.</summary>
internal sealed class QuietChatClient(int updatesBeforeItStalls) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < updatesBeforeItStalls; i++)
            yield return new(ChatRole.Assistant, "a");
        var cancelled = new TaskCompletionSource();
        await using var _ = cancellationToken.Register(cancelled.SetResult);
        await cancelled.Task;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
