using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Inputs;

/// <summary>The least that a decorator costs which does anything after the answer: it awaits.</summary>
internal sealed class AwaitingChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public static IChatClient Layers(int count, IChatClient inner)
    {
        for (var i = 0; i < count; i++)
            inner = new AwaitingChatClient(inner);
        return inner;
    }

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
            yield return update;
    }
}
