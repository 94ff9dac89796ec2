using System.Collections.Frozen;
using LlmKit.Calls;
using LlmKit.Internal;
using LlmKit.Internal.Hedging;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Dispatching;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing;

/// <summary>Chooses a model for each call, falls back to others, and lets a cascade draft.</summary>
/// <remarks>
/// Thread-safe. Every candidate passes the gates (allow-list, exclusions, window, capabilities, region) again when its turn comes. On a
/// stream a fallback is invisible before the first content and forbidden after it. A provider's refusal to answer is an answer, and a
/// conversation whose state a provider holds stays with it: neither is routed around. Costs one reading of the request's size for a call.
/// </remarks>
public sealed class RouterChatClient : StageChatClient, IModelFork
{
    private readonly Dictionary<string, RouteCandidate> _candidates;
    private readonly StageSettings<RouterPlan> _plan;
    private readonly FrozenDictionary<string, HedgeTraffic> _traffic;
    private readonly LlmFeedback? _feedback;
    private RoutingTraceLog? _listening;
    private PlannedCandidates? _planned;

    /// <summary>Creates a router that stands alone.</summary>
    /// <param name="models">Clients by name, each best made a metered model of that name with <see cref="LlmStages.Model"/>; the router disposes of them.</param>
    /// <param name="options">The settings; all models in order by default.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <exception cref="LlmConfigurationException">The options are wrong, or there is no model.</exception>
    public RouterChatClient(IReadOnlyList<KeyValuePair<string, IChatClient>> models, RouterOptions? options = null, TimeProvider? timeProvider = null)
        : this(RouteCandidate.Of(models, timeProvider ?? TimeProvider.System), RouterPlan.Fixed(options ?? new(), models), CallSetup.Alone("router", timeProvider, logger: null))
    {
    }

    internal RouterChatClient(IReadOnlyList<RouteCandidate> candidates, StageSettings<RouterPlan> plan, CallSetup alone, LlmFeedback? feedback = null)
        : base(candidates[0].Client, alone)
    {
        _candidates = candidates.ToDictionary(candidate => candidate.Name);
        _plan = plan;
        _traffic = candidates.ToFrozenDictionary(candidate => candidate.Name, _ => new HedgeTraffic(alone.Time));
        (_feedback, _listening) = (feedback, plan.Current.Traces);
        if (_listening is not null)
            _feedback?.Add(_listening);
    }

    IEnumerable<IChatClient> IModelFork.Branches => _candidates.Values.Select(candidate => candidate.Client);

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is string name && _candidates.TryGetValue(name, out var candidate)
            ? candidate.Client.GetService(serviceType)
            : base.GetService(serviceType, serviceKey);

    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var dispatch = DispatchOf(messages, options, call);
        return dispatch.Plan.Observe
            ? Observed(dispatch, call.Feature).AskAsync(messages, options, call, cancellationToken)
            : RunOf(dispatch, messages, options, call).RespondAsync(cancellationToken);
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var dispatch = DispatchOf(messages, options, call);
        return dispatch.Plan.Observe
            ? Observed(dispatch, call.Feature).GetStreamingResponseAsync(messages, options, cancellationToken)
            : RunOf(dispatch, messages, options, call).StreamAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _listening, null) is { } listening)
            _feedback?.Remove(listening);
        foreach (var candidate in _candidates.Values.Where(candidate => disposing && candidate.Client != InnerClient))
            candidate.Client.Dispose();
        base.Dispose(disposing);
    }

    private Dispatch DispatchOf(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call)
    {
        var plan = _plan.For(call);
        plan.Traces?.Watch(call, messages);
        var planned = Volatile.Read(ref _planned);
        if (planned?.Plan != plan)
            Volatile.Write(ref _planned, planned = new(plan, _candidates, _traffic));
        return new(planned, plan.RouteOf(call.Feature), messages, options, call);
    }

    private RouterRun RunOf(Dispatch dispatch, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call) =>
        new(dispatch, dispatch.Plan.Strategy == RoutingStrategy.Cascade ? DraftsOf(dispatch, messages, options, call) : null);

    private CascadeDrafts DraftsOf(Dispatch dispatch, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call) =>
        new(dispatch.Plan, dispatch, messages, options, call, name => Door(dispatch.Plan, name, call));

    /// <summary>Gives another model for a check to ask: what a tenant may not use, it may not use for that either.</summary>
    private ModelDoor Door(RouterPlan plan, string name, LlmCall call)
    {
        if (!_candidates.TryGetValue(name, out var candidate))
            throw new LlmConfigurationException([$"There is no model '{name}' in this router. It has: {string.Join(", ", _candidates.Keys)}."]);
        return plan.WhyNotAllowed(call.Tenant, name) is { } reason
            ? throw plan.Refusal(call.Tenant, name, reason)
            : new ModelDoor(() => candidate.Client);
    }

    private IChatClient Observed(Dispatch dispatch, string? feature)
    {
        dispatch.Foresee();
        var first = Array.Find(dispatch.Plan.RouteOf(feature).Models, _candidates.ContainsKey);
        return first is null ? InnerClient : _candidates[first].Client;
    }
}
