using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Stands where no client is: nobody asks it, as the cassette answers.</summary>
internal sealed class AbsentChatClient(string? model) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new(providerName: null, providerUri: null, model);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new CassetteException("There is no client behind this cassette.");

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new CassetteException("There is no client behind this cassette.");

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(ChatClientMetadata) ? _metadata : null;

    public void Dispose()
    {
    }
}
