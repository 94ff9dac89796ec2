using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Resilience;

/// <summary>A streamed request to one model; each enumeration makes its own attempts.</summary>
internal sealed class ResilientStream(
    ResilientModel model, ResiliencePolicy policy, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    : IAsyncEnumerable<ChatResponseUpdate>
{
    public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken enumeration = default) => new ResilientStreamEnumerator(
        new OpeningRun(model, policy, messages, options, call, enumeration.CanBeCanceled ? enumeration : cancellationToken), policy.BetweenUpdatesTimeout);
}
