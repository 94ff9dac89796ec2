using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>An observed stream: each enumeration has a span of its own.</summary>
internal sealed class TracedStream(
    TracingChatClient tracer,
    TracingPolicy policy,
    IChatClient client,
    IReadOnlyList<ChatMessage> messages,
    ChatOptions options,
    LlmCall call,
    CancellationToken cancellationToken) : IAsyncEnumerable<ChatResponseUpdate>
{
    public TracingChatClient Tracer => tracer;

    public ChatObserver Observer => tracer.Observer;

    public LlmCall Call => call;

    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken enumeration = default) => new TracedStreamEnumerator(this, enumeration);

    public void Observe(out ChatObservation observation)
    {
        observation = new(Observer, policy, call, options, streaming: true);
        observation.Start(messages, options);
    }

    public IAsyncEnumerable<ChatResponseUpdate> Open() => client.GetStreamingResponseAsync(messages, options, cancellationToken);
}
