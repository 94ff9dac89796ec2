using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Control.Caching;

/// <summary>Marks the answers that pass, as a rail or a router would.</summary>
internal sealed class MarkingChatClient(IChatClient inner, AnswerMarks marks) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Mark(options);
        return base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Mark(options);
        return base.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    private void Mark(ChatOptions? options)
    {
        if (LlmCall.TryGet(options, out var call))
            call.Mark(marks);
    }
}
