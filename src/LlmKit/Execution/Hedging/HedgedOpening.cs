using LlmKit.Calls;
using LlmKit.Internal;
using LlmKit.Internal.Hedging;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Hedging;

/// <summary>The attempts at the first content of a stream.</summary>
internal sealed class HedgedOpening(
    HedgedModel model, HedgePolicy policy, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    : HedgeRun<StreamOpening>(model, policy, messages, options, call, cancellationToken), IDisposable
{
    private HedgeLeg<StreamOpening>? _read;

    protected override bool IsStreaming => true;

    /// <summary>Lets go of the stream's attempt once it has been read.</summary>
    public void Dispose() => _read?.Dispose();

    protected override void OnEnded(HedgeLeg<StreamOpening> leg) => _read = leg;

    protected override ValueTask<StreamOpening> SendAsync(ChatOptions sent, CancellationToken token) => StreamOpening.ReadAsync(Client, Messages, sent, token);
}
