using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>The only door to a model: checks, reserves, sends, meters, settles and classifies each attempt.</summary>
/// <remarks>
/// Order: gates, reserve, start the clock, send, settle. An attempt ends when its token is cancelled, however deaf the client is.
/// Thread-safe. Disposes of the client only when it owns it.
/// </remarks>
internal sealed class ModelEdge : DelegatingChatClient
{
    private readonly StageSettings<Model> _model;
    private readonly ProviderState _state;
    private readonly bool _ownsClient;
    private int _disposed;

    public ModelEdge(IChatClient client, StageSettings<Model> model, ProviderState state, bool ownsClient) : base(client)
    {
        _model = model;
        _state = state;
        _ownsClient = ownsClient;
    }

    /// <summary>Gets or sets whether the pipeline limits money: an attempt whose call was lost on the way is refused then.</summary>
    public bool MustHaveHooks { get; set; }

    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return LlmCall.TryGet(options, out var call)
            ? RespondAsync(AsList(messages), options!, call, cancellationToken)
            : PassThroughAsync(messages, options, cancellationToken);
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (LlmCall.TryGet(options, out var call))
            return new EdgeStream(this, InnerClient, AsList(messages), options!, call, cancellationToken);
        RefuseWithoutCall();
        return InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType == typeof(Model) ? _model.Current : base.GetService(serviceType, serviceKey);
    }

    /// <summary>Passes the gates, reserves, and gives the options to send.</summary>
    internal async ValueTask<(Attempt Attempt, ChatOptions Options, Model Model)> BeginAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var model = _model.For(call);
        var request = new RequestFacts(messages, options);
        if (ModelGates.Check(call, options, model, request) is { } reason)
            throw new AttemptRefusedException(RefusalReason.Gate, model.Name, $"The model '{model.Name}' may not take this call: {reason}.");
        if (request.State is { } state && _state.IssuerOf(state) is { } issuer && issuer != model.Name)
            throw new AttemptRefusedException(RefusalReason.Gate, model.Name, $"The model '{model.Name}' may not take this call: its conversation state belongs to the model '{issuer}'.");
        var hooks = call.SpendingHooks();
        if (MustHaveHooks && hooks.Length == 0)
            throw LostCall(model.Name);
        var (maxOutput, shrunk) = await EdgeLimits.MaxOutputAsync(call, model, request, hooks, options.MaxOutputTokens, cancellationToken).ConfigureAwait(false);
        var attempt = await Attempt.BeginAsync(call, model, request, hooks, maxOutput, purpose: null, cancellationToken).ConfigureAwait(false);
        if (shrunk)
            call.Mark(AnswerMarks.Shrunk);
        return (attempt, EdgeOptions.ToSend(options, model, (int)maxOutput), model);
    }

    internal void Remember(string? conversationId, Model model)
    {
        if (conversationId is not null)
            _state.Remember(conversationId, model.Name);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0 && _ownsClient)
            base.Dispose(disposing);
    }

    private static IReadOnlyList<ChatMessage> AsList(IEnumerable<ChatMessage> messages) =>
        messages as IReadOnlyList<ChatMessage> ?? [.. messages];

    private async Task<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var (attempt, sent, model) = await BeginAsync(messages, options, call, cancellationToken).ConfigureAwait(false);
        try
        {
            var task = InnerClient.GetResponseAsync(messages, sent, cancellationToken);
            var response = task.IsCompleted || !cancellationToken.CanBeCanceled
                ? await task.ConfigureAwait(false)
                : await task.WaitAsync(cancellationToken).ConfigureAwait(false);
            attempt.Observe(response ?? throw new NonsenseAnswerException(model.Name));
            attempt.Succeed();
            Remember(response.ConversationId, model);
            call.Model = model.Name;
            return response;
        }
        catch (Exception exception)
        {
            attempt.Fail(ModelFailures.Record(exception, model, call, cancellationToken), exception);
            throw;
        }
    }

    private Task<ChatResponse> PassThroughAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        RefuseWithoutCall();
        return InnerClient.GetResponseAsync(messages, options, cancellationToken);
    }

    private void RefuseWithoutCall()
    {
        if (MustHaveHooks)
            throw LostCall(_model.Current.Name);
    }

    private static AttemptRefusedException LostCall(string model) => new(
        RefusalReason.Budget,
        model,
        $"An attempt on the model '{model}' came without its call, so no budget could be held to. A decorator on the way made new ChatOptions; let it clone the options it was given (options.Clone()).");
}
