using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>Shows the options of each request to a test, and passes the request on.</summary>
internal sealed class InspectingChatClient(IChatClient inner, Action<ChatOptions?> inspect) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        inspect(options);
        return base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        inspect(options);
        return base.GetStreamingResponseAsync(messages, options, cancellationToken);
    }
}
