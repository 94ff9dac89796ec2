using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>Always gives the same task and the same stream.</summary>
internal sealed class FixedChatClient(ChatResponse? response = null) : IChatClient
{
    public Task<ChatResponse> Response { get; } = Task.FromResult(response ?? new());

    public IAsyncEnumerable<ChatResponseUpdate> Stream { get; } = response is null ? AsyncEnumerable.Empty<ChatResponseUpdate>() : response.ToChatResponseUpdates().ToAsyncEnumerable();

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Response;

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Stream;

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
