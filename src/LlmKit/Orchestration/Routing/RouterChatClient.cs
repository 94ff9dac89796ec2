using System.Collections.Frozen;
using System.Runtime.CompilerServices;
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
    private readonly StageSettings<RouterPolicy> _policy;
    private readonly FrozenDictionary<string, HedgeTraffic> _traffic;
    private DeclaredOrder? _declared;

    /// <summary>Creates a router that stands alone.</summary>
    /// <param name="models">Clients by name, each best made a metered model of that name with <see cref="LlmStages.Model"/>; the router disposes of them.</param>
    /// <param name="options">The settings; all models in order by default.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <exception cref="LlmConfigurationException">The options are wrong, or there is no model.</exception>
    public RouterChatClient(IReadOnlyList<KeyValuePair<string, IChatClient>> models, RouterOptions? options = null, TimeProvider? timeProvider = null)
        : this(RouteCandidate.Of(models), RouterPolicy.Fixed(options ?? new(), models), CallSetup.Alone("router", timeProvider, logger: null))
    {
    }

    internal RouterChatClient(IReadOnlyList<RouteCandidate> candidates, StageSettings<RouterPolicy> policy, CallSetup alone)
        : base(candidates[0].Client, alone)
    {
        _candidates = candidates.ToDictionary(candidate => candidate.Name);
        _policy = policy;
        _traffic = candidates.ToFrozenDictionary(candidate => candidate.Name, _ => new HedgeTraffic(alone.Time));
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
        var policy = _policy.For(call);
        var dispatch = new Dispatch(policy, Order(policy, call.Feature), messages, options, call);
        return policy.Observe
            ? Observed(policy, dispatch, call.Feature).AskAsync(messages, options, call, cancellationToken)
            : RespondAsync(policy, dispatch, messages, options, call, cancellationToken);
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var policy = _policy.For(call);
        var dispatch = new Dispatch(policy, Order(policy, call.Feature), messages, options, call);
        return policy.Observe
            ? Observed(policy, dispatch, call.Feature).GetStreamingResponseAsync(messages, options, cancellationToken)
            : StreamAsync(policy, dispatch, messages, options, call, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var candidate in _candidates.Values.Where(candidate => disposing && candidate.Client != InnerClient))
            candidate.Client.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<ChatResponse> RespondAsync(
        RouterPolicy policy, Dispatch dispatch, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        while (true)
        {
            var candidate = dispatch.Next();
            if (await AskAsync(policy, dispatch, candidate, messages, options, call, cancellationToken).ConfigureAwait(false) is { } response
                && (!dispatch.MayEscalate || Accepts(policy, dispatch, candidate, response, options)))
                return response;
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RouterPolicy policy, Dispatch dispatch, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var candidate = dispatch.Next();
            if (dispatch.MayEscalate)
            {
                if (await AskAsync(policy, dispatch, candidate, messages, options, call, cancellationToken).ConfigureAwait(false) is not { } draft || !Accepts(policy, dispatch, candidate, draft, options))
                    continue;
                foreach (var update in draft.ToChatResponseUpdates())
                    yield return update;
                yield break;
            }

            if (await OpenAsync(policy, dispatch, candidate, messages, options, cancellationToken).ConfigureAwait(false) is not var (opening, leg))
                continue;
            using var token = leg;
            await using var stream = opening.ConfigureAwait(false);
            foreach (var update in opening.Beginning)
                yield return update;
            while (await opening.Rest.MoveNextAsync().ConfigureAwait(false))
                yield return opening.Rest.Current;
            yield break;
        }
    }

    /// <summary>Asks a candidate, and where it is slow the next one beside it. Gives <see langword="null"/> when it failed and another may try.</summary>
    private async ValueTask<ChatResponse?> AskAsync(
        RouterPolicy policy, Dispatch dispatch, RouteCandidate candidate, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        if (Race<ChatResponse>(policy, dispatch, candidate, options, cancellationToken) is { } race)
            return await RaceAsync(race, candidate, messages, call).ConfigureAwait(false);
        try
        {
            return Answer(candidate, await candidate.Client.AskAsync(messages, options, call, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            dispatch.Failed((candidate, exception));
            return null;
        }
    }

    /// <summary>Asks a candidate for a stream and reads it up to its first content: so far another can take its place and nobody sees.</summary>
    private async ValueTask<(StreamOpening Opening, IDisposable? Leg)?> OpenAsync(
        RouterPolicy policy, Dispatch dispatch, RouteCandidate candidate, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        if (Race<StreamOpening>(policy, dispatch, candidate, options, cancellationToken) is { } race)
            return await RaceAsync(race, candidate, messages).ConfigureAwait(false);
        try
        {
            return (await StreamOpening.ReadAsync(candidate.Client, messages, options, cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            dispatch.Failed((candidate, exception));
            return null;
        }
    }

    private static async ValueTask<ChatResponse?> RaceAsync(
        DispatchRace<ChatResponse> race, RouteCandidate preferred, IReadOnlyList<ChatMessage> messages, LlmCall call)
    {
        using var leg = await race.RunAsync(preferred, async (asked, sent, token) => Answer(asked, await asked.Client.AskAsync(messages, sent, call, token).ConfigureAwait(false))).ConfigureAwait(false);
        return leg is null ? null : await leg.Value.Answer.ConfigureAwait(false);
    }

    private static async ValueTask<(StreamOpening Opening, IDisposable? Leg)?> RaceAsync(
        DispatchRace<StreamOpening> race, RouteCandidate preferred, IReadOnlyList<ChatMessage> messages)
    {
        var leg = await race.RunAsync(preferred, (asked, sent, token) => StreamOpening.ReadAsync(asked.Client, messages, sent, token)).ConfigureAwait(false);
        return leg is null ? null : (await leg.Value.Answer.ConfigureAwait(false), leg);
    }

    private static ChatResponse Answer(RouteCandidate candidate, ChatResponse? response) => response ?? throw new NonsenseAnswerException(candidate.Name);

    private DispatchRace<T>? Race<T>(RouterPolicy policy, Dispatch dispatch, RouteCandidate candidate, ChatOptions options, CancellationToken cancellationToken)
        where T : class =>
        policy.Hedging is { } hedging && hedging.MayHedge(options) ? new(dispatch, hedging, _traffic[candidate.Name], options, cancellationToken) : null;

    private static bool Accepts(RouterPolicy policy, Dispatch dispatch, RouteCandidate candidate, ChatResponse draft, ChatOptions options)
    {
        var accepts = policy.Accepts(draft, options);
        if (accepts)
            dispatch.Accepted(candidate);
        else
            dispatch.Escalated(candidate);
        return accepts;
    }

    private IChatClient Observed(RouterPolicy policy, Dispatch dispatch, string? feature)
    {
        dispatch.Foresee();
        return _candidates[policy.RouteOf(feature).Models[0]].Client;
    }

    private RouteCandidate[] Order(RouterPolicy policy, string? feature)
    {
        var declared = Volatile.Read(ref _declared);
        if (declared?.Policy != policy)
            Volatile.Write(ref _declared, declared = new(policy, [.. policy.Features.Values.Append(policy.Default).Select(route => KeyValuePair.Create(route, CandidatesOf(route)))]));
        var route = policy.RouteOf(feature);
        var candidates = declared.Routes[route];
        return policy.Strategy == RoutingStrategy.Weighted ? Drawn(policy.Chance.Order(route.Weights), candidates) : candidates;
    }

    private static RouteCandidate[] Drawn(int[] order, RouteCandidate[] candidates) => Array.ConvertAll(order, index => candidates[index]);

    private RouteCandidate[] CandidatesOf(ModelRoute route) => Array.ConvertAll(route.Models, name => _candidates[name]);

    /// <summary>The candidates of a policy's routes, found once.</summary>
    private sealed class DeclaredOrder(RouterPolicy policy, IEnumerable<KeyValuePair<ModelRoute, RouteCandidate[]>> routes)
    {
        public RouterPolicy Policy { get; } = policy;

        public FrozenDictionary<ModelRoute, RouteCandidate[]> Routes { get; } = routes.ToFrozenDictionary();
    }
}
