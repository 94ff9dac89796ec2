using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Inputs;

/// <summary>A stream that is there already: every move completes at once.</summary>
internal sealed class InstantUpdates(ChatResponseUpdate[] updates) : IAsyncEnumerable<ChatResponseUpdate>
{
    public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(updates);

    private sealed class Enumerator(ChatResponseUpdate[] updates) : IAsyncEnumerator<ChatResponseUpdate>
    {
        private int _next = -1;

        public ChatResponseUpdate Current => updates[_next];

        public ValueTask<bool> MoveNextAsync() => new(++_next < updates.Length);

        public ValueTask DisposeAsync() => default;
    }
}
