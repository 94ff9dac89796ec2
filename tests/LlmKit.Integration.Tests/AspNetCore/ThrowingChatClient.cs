using Microsoft.Extensions.AI;

namespace LlmKit.Integration.Tests.AspNetCore;

/// <summary>Somebody's decorator with a mistake in it.</summary>
internal sealed class ThrowingChatClient(IChatClient inner, Exception exception) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw exception;

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw exception;
}
