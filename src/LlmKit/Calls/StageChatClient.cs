using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>The base of every stage: finds the call that a request belongs to, and opens one when the stage stands alone.</summary>
/// <remarks>
/// Thread-safe. Inside an open call both methods go straight to the stage, so that a stage with nothing to do returns the inner
/// client's own task or stream. Disposing of a stage disposes of its inner client.
/// </remarks>
public abstract class StageChatClient : DelegatingChatClient, ICallClient
{
    private readonly CallSetup? _alone;

    private protected StageChatClient(IChatClient innerClient, CallSetup? alone) : base(innerClient) => _alone = alone;

    /// <summary>Gets the setup for a call that this client must open itself.</summary>
    private protected virtual CallSetup OpeningSetup => _alone ?? throw new InvalidOperationException("The stage has no setup of its own.");

    /// <inheritdoc/>
    public sealed override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (LlmCall.TryGet(options, out var call))
            return RespondAsync(AsList(messages), RequestFacts.Dropped(options!), call, cancellationToken).AsTask();
        return LlmCall.IsLeftBehind(options, cancellationToken)
            ? Task.FromCanceled<ChatResponse>(cancellationToken)
            : CallRunner.RunAsync(OpeningSetup, this, messages, options, cancellationToken);
    }

    /// <inheritdoc/>
    public sealed override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (LlmCall.TryGet(options, out var call))
            return StreamAsync(AsList(messages), RequestFacts.Dropped(options!), call, cancellationToken);
        return LlmCall.IsLeftBehind(options, cancellationToken)
            ? throw new OperationCanceledException(cancellationToken)
            : new CallStream(OpeningSetup, this, messages, options, LlmScope.Current, cancellationToken);
    }

    /// <summary>Answers a request that belongs to an open call.</summary>
    internal abstract ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken);

    /// <summary>Streams the answer to a request that belongs to an open call.</summary>
    internal abstract IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken);

    ValueTask<ChatResponse> ICallClient.RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken) =>
        RespondAsync(messages, options, call, cancellationToken);

    private static IReadOnlyList<ChatMessage> AsList(IEnumerable<ChatMessage> messages) =>
        messages as IReadOnlyList<ChatMessage> ?? [.. messages];
}
