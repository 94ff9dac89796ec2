using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>Always gives the same task and the same stream.</summary>
internal sealed class FixedChatClient : IChatClient
{
    public Task<ChatResponse> Response { get; } = Task.FromResult(new ChatResponse());

    public IAsyncEnumerable<ChatResponseUpdate> Stream { get; } = AsyncEnumerable.Empty<ChatResponseUpdate>();

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Response;

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Stream;

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
