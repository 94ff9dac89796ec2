using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Execution.Resilience;

/// <summary>Passes on without its caller's token.</summary>
internal sealed class DeafChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        base.GetResponseAsync(messages, options, CancellationToken.None);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, CancellationToken.None))
            yield return update;
    }
}
