using Microsoft.Extensions.AI;

namespace LlmKit.Internal;

/// <summary>A door to a model that a stage may keep, also while the pipeline is still being built. It owns nothing.</summary>
internal sealed class ModelDoor(Func<IChatClient> model) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        model().GetResponseAsync(messages, options, cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        model().GetStreamingResponseAsync(messages, options, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => model().GetService(serviceType, serviceKey);

    public void Dispose()
    {
    }
}
