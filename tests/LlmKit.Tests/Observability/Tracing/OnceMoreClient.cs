using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>Asks again after a failure, and records it as a step.</summary>
internal sealed class OnceMoreClient(IChatClient inner, Func<CallStep> step) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
        catch (HttpRequestException) when (LlmCall.TryGet(options, out var call))
        {
            call.AddStep(step());
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
    }
}
