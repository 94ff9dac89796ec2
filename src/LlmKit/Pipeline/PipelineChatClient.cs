using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Pipeline;

/// <summary>The root of a pipeline: opens each call with the pipeline's snapshot and closes it; joins a call that is open already.</summary>
internal sealed class PipelineChatClient : StageChatClient
{
    private readonly PipelineRuntime _runtime;
    private readonly EmbeddingDoors _embeddings;
    private int _disposed;

    public PipelineChatClient(IChatClient innerClient, PipelineRuntime runtime, EmbeddingDoors embeddings, MoneyLimits limits) : base(innerClient, alone: null)
    {
        _runtime = runtime;
        _embeddings = embeddings;
        Limits = limits;
    }

    /// <summary>Gets the limits on money at the pipeline's doors; a pipeline around this one adds its own.</summary>
    public MoneyLimits Limits { get; }

    private protected override CallSetup OpeningSetup => _runtime.Current;

    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is string model && _runtime.FindBranch(model) is { } branch
            ? branch.GetService(serviceType)
            : base.GetService(serviceType, serviceKey);
    }

    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        return Join(call, messages, options) is { Latency: not null } limits
            ? InnerDeadline.RespondAsync(InnerClient, messages, options, call, limits, cancellationToken)
            : InnerClient.AskAsync(messages, options, call, cancellationToken);
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        return Join(call, messages, options) is var limits && (limits.Latency ?? limits.FirstContent) is not null
            ? InnerDeadline.StreamAsync(InnerClient, messages, options, call, limits, cancellationToken)
            : InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing || Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _runtime.Dispose();
        _embeddings.DisposeAll();
        base.Dispose(disposing);
    }

    /// <summary>A pipeline inside a pipeline adds its own limits to the outer call.</summary>
    /// <returns>Its own limits on time, where the call does not end before; none for a call that it has opened itself.</returns>
    private InnerLimits Join(LlmCall call, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        var current = _runtime.Current;
        if (ReferenceEquals(call.Setup.Owner, current.Owner))
        {
            call.EnterIn(call.Setup.Book, messages, options);
            return default;
        }

        call.JoinedBy(current.Owner);
        CallOpener.Begin(call, current);
        call.EnterIn(current.Book, messages, options);
        return InnerLimits.Of(current.Constraints.For(call.Feature), call.Remaining);
    }
}
