using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>Answers with tasks and streams made beforehand, so that a test can count what others allocate.</summary>
internal sealed class ReadyClient : IChatClient
{
    public Task<ChatResponse> Answer { get; } = Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "ready")));

    public IAsyncEnumerable<ChatResponseUpdate> Stream => field ??= RepeatAsync(new(ChatRole.Assistant, "a"), Updates);

    public int Updates { get; init; }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Answer;

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Stream;

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> RepeatAsync(ChatResponseUpdate update, int times)
    {
        await Task.CompletedTask;
        for (var i = 0; i < times; i++)
            yield return update;
    }
}
