using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Observability.Replay;

/// <summary>Answers every request with the same updates, each time with objects of their own.</summary>
internal sealed class UpdatesChatClient(Func<IReadOnlyList<ChatResponseUpdate>> updates, Exception? failure = null) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        failure is null ? Task.FromResult(updates().ToChatResponse()) : Task.FromException<ChatResponse>(failure);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in updates())
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return update;
        }

        if (failure is not null)
            throw failure;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
