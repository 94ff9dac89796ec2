using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>Notes which span is current at each of its moves.</summary>
internal sealed class WatchingClient : IChatClient
{
    public List<Activity?> Seen { get; } = [];

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Seen.Add(Activity.Current);
        yield return new(ChatRole.Assistant, "a");
        Seen.Add(Activity.Current);
        await Task.Yield();
        yield return new(ChatRole.Assistant, "b") { FinishReason = ChatFinishReason.Stop };
        Seen.Add(Activity.Current);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
