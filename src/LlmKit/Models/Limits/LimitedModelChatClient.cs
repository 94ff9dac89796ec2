using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>A model that no pipeline has, with limits of its own: a request that belongs to no call gets one, so that the limits hold for it.</summary>
internal sealed class LimitedModelChatClient(ModelEdge edge, CallSetup alone) : StageChatClient(edge, alone)
{
    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken) =>
        edge.RespondAsync(messages, options, call, cancellationToken);

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken) =>
        InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);
}
