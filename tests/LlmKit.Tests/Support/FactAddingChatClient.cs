using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>A rail that notes a fact on each call.</summary>
internal sealed class FactAddingChatClient(IChatClient inner, string name, object value) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Add(options);
        return base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Add(options);
        return base.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    private void Add(ChatOptions? options)
    {
        if (LlmCall.TryGet(options, out var call))
            call.AddFact(name, value);
    }
}
