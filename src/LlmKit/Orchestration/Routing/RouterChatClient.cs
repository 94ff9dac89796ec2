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
    private readonly StageSettings<RouterPlan> _plan;
    private readonly FrozenDictionary<string, HedgeTraffic> _traffic;
    private DeclaredOrder? _declared;

    /// <summary>Creates a router that stands alone.</summary>
    /// <param name="models">Clients by name, each best made a metered model of that name with <see cref="LlmStages.Model"/>; the router disposes of them.</param>
    /// <param name="options">The settings; all models in order by default.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <exception cref="LlmConfigurationException">The options are wrong, or there is no model.</exception>
    public RouterChatClient(IReadOnlyList<KeyValuePair<string, IChatClient>> models, RouterOptions? options = null, TimeProvider? timeProvider = null)
        : this(RouteCandidate.Of(models, timeProvider ?? TimeProvider.System), RouterPlan.Fixed(options ?? new(), models), CallSetup.Alone("router", timeProvider, logger: null))
    {
    }

    internal RouterChatClient(IReadOnlyList<RouteCandidate> candidates, StageSettings<RouterPlan> plan, CallSetup alone)
        : base(candidates[0].Client, alone)
    {
        _candidates = candidates.ToDictionary(candidate => candidate.Name);
        _plan = plan;
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
        var plan = _plan.For(call);
        var dispatch = new Dispatch(plan, Order(plan, call.Feature), messages, options, call);
        return plan.Observe
            ? Observed(plan, dispatch, call.Feature).AskAsync(messages, options, call, cancellationToken)
            : RespondAsync(plan, dispatch, messages, options, call, cancellationToken);
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var plan = _plan.For(call);
        var dispatch = new Dispatch(plan, Order(plan, call.Feature), messages, options, call);
        return plan.Observe
            ? Observed(plan, dispatch, call.Feature).GetStreamingResponseAsync(messages, options, cancellationToken)
            : StreamAsync(plan, dispatch, messages, options, call, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var candidate in _candidates.Values.Where(candidate => disposing && candidate.Client != InnerClient))
            candidate.Client.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<ChatResponse> RespondAsync(
        RouterPlan plan, Dispatch dispatch, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        while (true)
        {
            var candidate = dispatch.Next();
            if (await AskAsync(plan, dispatch, candidate, messages, options, call, cancellationToken).ConfigureAwait(false) is { } response
                && (!dispatch.MayEscalate || Accepts(plan, dispatch, candidate, response, options)))
                return response;
        }
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RouterPlan plan, Dispatch dispatch, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var candidate = dispatch.Next();
            if (dispatch.MayEscalate)
            {
                if (await AskAsync(plan, dispatch, candidate, messages, options, call, cancellationToken).ConfigureAwait(false) is not { } draft || !Accepts(plan, dispatch, candidate, draft, options))
                    continue;
                foreach (var update in draft.ToChatResponseUpdates())
                    yield return update;
                yield break;
            }

            if (await OpenAsync(plan, dispatch, candidate, messages, options, cancellationToken).ConfigureAwait(false) is not var (opening, leg))
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
        RouterPlan plan, Dispatch dispatch, RouteCandidate candidate, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        if (Race<ChatResponse>(plan, dispatch, candidate, options, cancellationToken) is { } race)
            return await RaceAsync(race, candidate, messages, call).ConfigureAwait(false);
        using var ticket = dispatch.Begin(candidate);
        try
        {
            var answer = Answer(candidate, await candidate.Client.AskAsync(messages, options, call, cancellationToken).ConfigureAwait(false));
            ticket?.Answered();
            return answer;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            ticket?.Failed(exception);
            dispatch.Failed((candidate, exception));
            return null;
        }
    }

    /// <summary>Asks a candidate for a stream and reads it up to its first content: so far another can take its place and nobody sees.</summary>
    private async ValueTask<(StreamOpening Opening, IDisposable? Leg)?> OpenAsync(
        RouterPlan plan, Dispatch dispatch, RouteCandidate candidate, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        if (Race<StreamOpening>(plan, dispatch, candidate, options, cancellationToken) is { } race)
            return await RaceAsync(race, candidate, messages).ConfigureAwait(false);
        var ticket = dispatch.Begin(candidate);
        try
        {
            var opening = await StreamOpening.ReadAsync(candidate.Client, messages, options, cancellationToken).ConfigureAwait(false);
            ticket?.Answered();
            return (opening, ticket);
        }
        catch (Exception exception)
        {
            ticket?.Dispose();
            if (cancellationToken.IsCancellationRequested)
                throw;
            ticket?.Failed(exception);
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

    private DispatchRace<T>? Race<T>(RouterPlan plan, Dispatch dispatch, RouteCandidate candidate, ChatOptions options, CancellationToken cancellationToken)
        where T : class =>
        plan.Hedging is { } hedging && hedging.MayHedge(options) ? new(dispatch, hedging, _traffic[candidate.Name], options, cancellationToken) : null;

    private static bool Accepts(RouterPlan plan, Dispatch dispatch, RouteCandidate candidate, ChatResponse draft, ChatOptions options)
    {
        var accepts = plan.Accepts(draft, options);
        if (accepts)
            dispatch.Accepted(candidate);
        else
            dispatch.Escalated(candidate);
        return accepts;
    }

    private IChatClient Observed(RouterPlan plan, Dispatch dispatch, string? feature)
    {
        dispatch.Foresee();
        return _candidates[plan.RouteOf(feature).Models[0]].Client;
    }

    private RouteCandidate[] Order(RouterPlan plan, string? feature)
    {
        var declared = Volatile.Read(ref _declared);
        if (declared?.Plan != plan)
            Volatile.Write(ref _declared, declared = new(plan, [.. plan.Features.Values.Append(plan.Default).Select(route => KeyValuePair.Create(route, CandidatesOf(route)))]));
        var route = plan.RouteOf(feature);
        var candidates = declared.Routes[route];
        return plan.Strategy == RoutingStrategy.Weighted ? Drawn(plan.Chance.Order(route.Weights), candidates) : candidates;
    }

    private static RouteCandidate[] Drawn(int[] order, RouteCandidate[] candidates) => Array.ConvertAll(order, index => candidates[index]);

    private RouteCandidate[] CandidatesOf(ModelRoute route) => Array.ConvertAll(route.Models, name => _candidates[name]);

    /// <summary>The candidates of the routes, found once.</summary>
    private sealed class DeclaredOrder(RouterPlan plan, IEnumerable<KeyValuePair<ModelRoute, RouteCandidate[]>> routes)
    {
        public RouterPlan Plan { get; } = plan;

        public FrozenDictionary<ModelRoute, RouteCandidate[]> Routes { get; } = routes.ToFrozenDictionary();
    }
}
