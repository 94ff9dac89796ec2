using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>Leaves a staged answer on every call, before it passes the request on.</summary>
internal sealed class StagingChatClient(IChatClient inner, IStagedAnswer answer) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Stage(options);
        return base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Stage(options);
        return base.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    private void Stage(ChatOptions? options)
    {
        if (LlmCall.TryGet(options, out var call))
            call.Stage(answer);
    }
}
