using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>A streamed request: each enumeration is one call, opened when it starts.</summary>
internal sealed class CallStream(
    CallSetup setup,
    StageChatClient client,
    IEnumerable<ChatMessage> messages,
    ChatOptions? options,
    LlmScope? scope,
    CancellationToken cancellationToken) : IAsyncEnumerable<ChatResponseUpdate>
{
    public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken enumeration = default) =>
        new CallStreamEnumerator(setup, client, messages, options, scope, cancellationToken, enumeration);
}
