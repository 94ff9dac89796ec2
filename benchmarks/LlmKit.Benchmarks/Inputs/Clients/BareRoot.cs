using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Inputs;

/// <summary>A stage with nothing to do: outermost it opens and closes a call, further in it is passed through.</summary>
internal sealed class BareRoot(IChatClient inner, CallSetup? setup = null)
    : StageChatClient(inner, setup ?? CallSetup.Alone("bare", time: null, logger: null))
{
    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken) =>
        InnerClient.AskAsync(messages, options, call, cancellationToken);

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken) =>
        InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);
}
