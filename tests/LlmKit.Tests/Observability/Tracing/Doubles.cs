using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>Says of every answer that it came from a cache.</summary>
internal sealed class CacheLikeClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Mark(options);
        return base.GetResponseAsync(messages, options, cancellationToken);
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Mark(options);
        return base.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    private static void Mark(ChatOptions? options)
    {
        if (LlmCall.TryGet(options, out var call))
            call.Mark(AnswerMarks.Cached);
    }
}

/// <summary>Asks again after a failure, and records it as a step.</summary>
internal sealed class OnceMoreClient(IChatClient inner, Func<CallStep> step) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
        catch (HttpRequestException) when (LlmCall.TryGet(options, out var call))
        {
            call.AddStep(step());
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
    }
}

/// <summary>Answers with tasks and streams made beforehand, so that a test can count what others allocate.</summary>
internal sealed class ReadyClient : IChatClient
{
    public Task<ChatResponse> Answer { get; } = Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "ready")));

    public IAsyncEnumerable<ChatResponseUpdate> Stream { get; } = EmptyAsync();

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Answer;

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Stream;

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> EmptyAsync()
    {
        await Task.CompletedTask;
        yield break;
    }
}

/// <summary>A step with facts of its own.</summary>
internal sealed record RetryStep(int Number) : CallStep("resilience", "retry", "the model was overloaded")
{
    public override void AddTags(IList<KeyValuePair<string, object?>> tags) => tags.Add(new("llmkit.retry.number", Number));
}

/// <summary>A step whose facts cannot be read.</summary>
internal sealed record BrokenStep() : CallStep("resilience", "retry")
{
    public override void AddTags(IList<KeyValuePair<string, object?>> tags) => throw new InvalidOperationException("broken");
}
