using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>Says of every answer that it came from a cache.</summary>
internal sealed class CacheLikeClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Mark(options);
        return base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Mark(options);
        return base.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    private static void Mark(ChatOptions? options)
    {
        if (LlmCall.TryGet(options, out var call))
            call.Mark(AnswerMarks.Cached);
    }
}
