using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Inputs;

/// <summary>A model that also decides something, as stages do, a few times for each request.</summary>
internal sealed class DecidingChatClient(int decisions) : DelegatingChatClient(new InstantChatClient())
{
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (LlmCall.TryGet(options, out var call))
        {
            for (var i = 0; i < decisions; i++)
                call.AddStep(new("router", "chosen", "first in order"));
        }

        return base.GetResponseAsync(messages, options, cancellationToken);
    }
}
