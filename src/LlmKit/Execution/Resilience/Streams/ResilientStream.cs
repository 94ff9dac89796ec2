using LlmKit.Calls;
using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Resilience;

/// <summary>A streamed request to one model; each enumeration makes its own attempts.</summary>
internal sealed class ResilientStream(
    ResilientModel model, ResiliencePolicy policy, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    : IAsyncEnumerable<ChatResponseUpdate>
{
    public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken enumeration = default)
    {
        var token = new EitherToken(cancellationToken, enumeration);
        return new ResilientStreamEnumerator(new OpeningRun(model, policy, messages, options, call, token.Token), policy.BetweenUpdatesTimeout, token);
    }
}
