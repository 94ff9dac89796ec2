using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Execution.Idempotency;

/// <summary>Refuses the first request at a gate, on a stream after it has shown something.</summary>
internal sealed class RefusingChatClient(IChatClient inner, Task gate, string? shown = null) : DelegatingChatClient(inner)
{
    private int _requests;

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await PassAsync();
        return await base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (shown is not null && _requests == 0)
            yield return new(ChatRole.Assistant, shown);
        await PassAsync();
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            yield return update;
    }

    private async Task PassAsync()
    {
        if (Interlocked.Increment(ref _requests) > 1)
            return;
        await gate;
        throw new AttemptRefusedException(RefusalReason.Limit, model: null, "The caller's own limit is reached.");
    }
}
