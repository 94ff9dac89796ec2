using LlmKit.Calls;
using LlmKit.Internal.Hedging;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Hedging;

/// <summary>The attempts at an answer that is not streamed.</summary>
internal sealed class HedgedAnswer(
    HedgedModel model, HedgePolicy policy, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    : HedgeRun<ChatResponse>(model, policy, messages, options, call, cancellationToken)
{
    protected override bool IsStreaming => false;

    protected override void OnEnded(HedgeLeg<ChatResponse> leg) => leg.Dispose();

    protected override ValueTask<ChatResponse> SendAsync(ChatOptions sent, CancellationToken token) => Client.AskAsync(Messages, sent, Call, token);
}
