using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>A middleware that passes on options of its own in place of those it was given.</summary>
internal sealed class OptionsReplacingChatClient(IChatClient inner, Func<ChatOptions> replaced) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages, replaced(), cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetStreamingResponseAsync(messages, replaced(), cancellationToken);
}
