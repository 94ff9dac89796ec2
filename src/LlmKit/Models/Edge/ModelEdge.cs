using System.Globalization;
using LlmKit.Calls;
using LlmKit.Internal;
using LlmKit.Internal.Hedging;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>The only door to a model: checks, reserves, sends, meters, settles and classifies each attempt.</summary>
/// <remarks>
/// Order: gates, permit, reserve, start the clock, send, settle. An attempt ends when its token is cancelled, however deaf the client is.
/// Thread-safe. Disposes of the client only when it owns it.
/// </remarks>
internal sealed class ModelEdge : DelegatingChatClient, ICallClient
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

    /// <summary>Gets the limits on money above: an attempt that lost them on the way is refused.</summary>
    public MoneyLimits Limits { get; init; } = new();

    /// <summary>Gets what holds attempts to the model's own limits.</summary>
    public required ModelLimiter Limiter { get; init; }

    /// <summary>Gets the limits at the doors of the pipeline that is the client: it joins the call, and its own edges meter it, once. <see langword="null"/> for any other client.</summary>
    public MoneyLimits? Beyond { get; init; }

    private bool IsPipeline => Beyond is not null;

    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (!LlmCall.TryGet(options, out var call))
        {
            return LlmCall.IsLeftBehind(options, cancellationToken)
                ? Task.FromCanceled<ChatResponse>(cancellationToken)
                : InnerClient.GetResponseAsync(Checked(messages), WithoutCall(options), cancellationToken);
        }

        return RespondAsync(AsList(messages), RequestFacts.Dropped(options!), call, cancellationToken).AsTask();
    }

    public ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken) =>
        RespondAsync(messages, options, call, clock: null, cancellationToken);

    /// <summary>Answers a request whose attempt has a clock. One that a pipeline takes over is sent when it is given to it.</summary>
    public ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, IAttemptClock? clock, CancellationToken cancellationToken)
    {
        if (!IsPipeline)
        {
            return call.ChildReporter is { } reporter
                ? ReportAsync(messages, options, call, reporter, clock, cancellationToken)
                : SendAsync(messages, options, call, clock, cancellationToken);
        }

        clock?.Sending(call.Time.GetTimestamp());
        return InnerClient.AskAsync(messages, ToJoin(messages, options, call), call, cancellationToken);
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (!LlmCall.TryGet(options, out var call))
        {
            return LlmCall.IsLeftBehind(options, cancellationToken)
                ? throw new OperationCanceledException(cancellationToken)
                : InnerClient.GetStreamingResponseAsync(Checked(messages), WithoutCall(options), cancellationToken);
        }

        return Stream(AsList(messages), RequestFacts.Dropped(options!), call, clock: null, cancellationToken);
    }

    /// <summary>Streams the answer to a request whose attempt has a clock. One that a pipeline takes over is sent when it is given to it.</summary>
    public IAsyncEnumerable<ChatResponseUpdate> Stream(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, IAttemptClock? clock, CancellationToken cancellationToken)
    {
        if (!IsPipeline)
        {
            return call.ChildReporter is { } reporter
                ? new ReportedStream(this, messages, options, call, reporter, clock, cancellationToken)
                : Open(messages, options, call, clock, cancellationToken);
        }

        clock?.Sending(call.Time.GetTimestamp());
        return InnerClient.GetStreamingResponseAsync(messages, ToJoin(messages, options, call), cancellationToken);
    }

    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        var model = serviceType == typeof(Model) ? _model.Current : null;
        return model is not null && (serviceKey is null || model.Name.Equals(serviceKey)) ? model : base.GetService(serviceType, serviceKey);
    }

    /// <summary>Gives the clock of an attempt that a decorator stands before, between whoever holds it and this door.</summary>
    internal static IAttemptClock? ClockOf(ChatOptions options)
    {
        var clock = (options as LlmCallOptions)?.Clock;
        clock?.Waiting();
        return clock;
    }

    /// <summary>Gives a stream of one attempt, whoever hears of it.</summary>
    internal EdgeStream Open(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, IAttemptClock? clock, CancellationToken cancellationToken) =>
        new(this, InnerClient, messages, options, call, clock, cancellationToken);

    /// <summary>Begins to tell whoever takes down a request of a call that serves another.</summary>
    internal IRequestReport? Begin(ICallReporter reporter, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, IAttemptClock? clock, bool isStreaming) =>
        reporter.Begin(call, messages, options, _model.For(call), isStreaming, clock);

    /// <summary>Passes the gates, reserves, starts the clock, and gives the options to send.</summary>
    internal async ValueTask<(Attempt Attempt, ChatOptions Options, Model Model)> BeginAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, IAttemptClock? clock, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        clock ??= ClockOf(options);
        var model = _model.For(call);
        var request = RequestFacts.Of(messages, options);
        CheckGates(call, options, model, request);
        Limits.Check(call, model.Name);
        var hooks = call.SpendingHooks;
        var (maxOutput, shrunk) = await EdgeLimits.MaxOutputAsync(call, model, request, hooks, options.MaxOutputTokens, cancellationToken).ConfigureAwait(false);
        // What the first attempt has reserved may leave money for a short answer only, and that one would win.
        if (shrunk && HedgeMark.IsOn(options))
            throw new AttemptRefusedException(RefusalReason.Budget, model.Name, $"A second attempt beside a slow one on the model '{model.Name}' could not be as long as the first: the limits on money do not afford both.");
        var permit = model.Limit is { } limit
            ? await Limiter.AcquireAsync(call, model, limit, request.WorstTokens(model, call), maxOutput, isOpen: options.MaxOutputTokens is null, cancellationToken).ConfigureAwait(false)
            : null;
        var attempt = await Attempt.BeginAsync(call, model, request, hooks, maxOutput, permit, purpose: null, cancellationToken).ConfigureAwait(false);
        clock?.Sending(attempt.Sent);
        if (cancellationToken.IsCancellationRequested)
        {
            attempt.Withdraw();
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (shrunk)
            call.Mark(AnswerMarks.Shrunk);
        var sent = EdgeOptions.ToSend(options, model, (int)maxOutput);
        if (StageSampling.Of(options) is var set and not SamplingParameters.None && StageSampling.StepOf(sent, set, model) is { } sampling)
            call.AddStep(sampling);
        if (attempt.IsLast && sent.Tools is { Count: > 0 } && Turns.HasToolResults(messages, from: Turns.LastOfUser(messages)))
        {
            // The tools stay, because a provider may refuse their results without them.
            sent.ToolMode = ChatToolMode.None;
            call.AddStep(new("budget", "finished-without-tools", "no other round would fit"));
            call.Mark(AnswerMarks.Shrunk);
        }

        return (attempt, sent, model);
    }

    /// <summary>Remembers the model that issued a state, so that no other is asked to go on with it.</summary>
    internal void Remember(string? conversationId, ResponseContinuationToken? continuation, Model model)
    {
        _state.Remember(conversationId, model.Name);
        _state.Remember(ProviderState.Of(continuation), model.Name);
    }

    /// <summary>Heeds what the provider said of its limits with an answer.</summary>
    internal void Heed(ProviderLimits? left, Model model)
    {
        if (left is not null && model.Limit is { } limit)
            Limiter.Heed(limit, left);
    }

    /// <summary>Gives the model that issued a state, where it is remembered.</summary>
    internal string? IssuerOf(string state) => _state.IssuerOf(state);

    internal void RememberFiles(IList<AIContent> answer, Model model) => _state.RememberFiles(answer, model.Name);

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0 && _ownsClient)
            base.Dispose(disposing);
    }

    private static IReadOnlyList<ChatMessage> AsList(IEnumerable<ChatMessage> messages) =>
        messages as IReadOnlyList<ChatMessage> ?? [.. messages];

    private static IReadOnlyList<ChatMessage> Checked(IEnumerable<ChatMessage> messages)
    {
        var list = AsList(messages);
        RequestMessages.Check(list);
        return list;
    }

    private void CheckGates(LlmCall call, ChatOptions options, Model model, RequestFacts request)
    {
        var reason = ModelGates.Check(call, options, model, request);
        if (reason is null && request.State is { } state && _state.IssuerOf(state) is { } issuer && issuer != model.Name)
            reason = $"its conversation state belongs to the model '{issuer}'";
        if (reason is not null)
            throw new AttemptRefusedException(RefusalReason.Gate, model.Name, $"The model '{model.Name}' may not take this call: {reason}.");
    }

    private async ValueTask<ChatResponse> SendAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, IAttemptClock? clock, CancellationToken cancellationToken)
    {
        var (attempt, sent, model) = await BeginAsync(messages, options, call, clock, cancellationToken).ConfigureAwait(false);
        try
        {
            var answering = InnerClient.GetResponseAsync(messages, sent, cancellationToken) ?? throw new NonsenseAnswerException(model.Name);
            var response = await answering.OrCancelled(cancellationToken).ConfigureAwait(false);
            attempt.Observe(response ?? throw new NonsenseAnswerException(model.Name));
            Heed(ProviderLimits.TakeOff(response), model);
            attempt.Succeed();
            Remember(response.ConversationId, response.ContinuationToken, model);
            for (var i = 0; i < response.Messages.Count; i++)
                RememberFiles(response.Messages[i].Contents, model);
            call.AnsweredBy(model.Name);
            return response;
        }
        catch (Exception exception)
        {
            attempt.Fail(ModelFailures.Record(exception, model, call, cancellationToken), exception);
            throw;
        }
    }

    /// <summary>Answers a request of a call that serves another, and tells who takes it down how it went.</summary>
    private async ValueTask<ChatResponse> ReportAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, ICallReporter reporter, IAttemptClock? clock, CancellationToken cancellationToken)
    {
        clock ??= ClockOf(options);
        var report = Begin(reporter, messages, options, call, clock, isStreaming: false);
        try
        {
            var response = await SendAsync(messages, options, call, report ?? clock, cancellationToken).ConfigureAwait(false);
            report?.Complete(response);
            return response;
        }
        catch (Exception exception)
        {
            report?.Fail(exception, cancellationToken);
            throw;
        }
    }

    /// <summary>Gives the options to send for a request that belongs to no call.</summary>
    /// <exception cref="AttemptRefusedException">Money or the model's rate is limited, by a stage further out or by the options, and no call holds the limit.</exception>
    private ChatOptions? WithoutCall(ChatOptions? options)
    {
        var model = _model.Current;
        Limits.Check(call: null, model.Name);
        if (model.Limit is not null)
            throw new AttemptRefusedException(RefusalReason.Limit, model.Name, $"An attempt on the model '{model.Name}' came without its call, so its limits could not be held to. A decorator on the way made new options; let it clone the options it was given (options.Clone()).");
        return options is LlmCallOptions { MaxCost: { } cost }
            ? throw MoneyLimits.Refusal(model.Name, string.Create(CultureInfo.InvariantCulture, $"its MaxCost of '{cost}' USD could not be held to"))
            : EdgeOptions.ToSendWithoutCall(options, model);
    }

    /// <summary>Gives the options with which a pipeline joins the call: a name that meant this model means nothing inside.</summary>
    private ChatOptions ToJoin(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call)
    {
        var model = _model.For(call);
        CheckGates(call, options, model, new(messages, options));
        Limits.Check(call, model.Name);
        var joined = options.Clone();
        if (joined.ModelId is { } id && model.Answers(id))
            joined.ModelId = null;
        if (joined is LlmCallOptions { Model: { } name } own && model.Answers(name))
            own.Model = null;
        if (joined is LlmCallOptions { Clock: not null } timed)
            timed.Clock = null;
        return joined;
    }
}
