using Microsoft.Extensions.AI;

/// <summary>A model in memory that says what it was told.</summary>
internal sealed class EchoChatClient : IChatClient
{
    public int Requests { get; private set; }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Requests++;
        return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, messages.Last().Text))
        {
            FinishReason = ChatFinishReason.Stop,
            Usage = new() { InputTokenCount = 1_000, OutputTokenCount = 1_000 },
        });
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
