using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>A middleware that makes options of its own and loses what was on those it was given.</summary>
internal sealed class OptionsDroppingChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages, new ChatOptions(), cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(messages, new ChatOptions(), cancellationToken);
}
