using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Inputs;

/// <summary>The bare inner client: one completed task and one list of updates, made beforehand.</summary>
internal sealed class InstantChatClient : IChatClient
{
    public const string ModelId = "instant-1";

    private static readonly ChatClientMetadata Metadata = new("instant", new("https://instant.example"), ModelId);

    private readonly Task<ChatResponse> _answer = Task.FromResult(Conversation.Answer);
    private readonly InstantUpdates _updates;

    public InstantChatClient(int updates = 100) => _updates = new(Conversation.Updates(updates));

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => _answer;

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => _updates;

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(ChatClientMetadata) ? Metadata : null;

    public void Dispose()
    {
    }
}
