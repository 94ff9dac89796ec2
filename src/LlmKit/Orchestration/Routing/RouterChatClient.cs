using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing;

/// <summary>Chooses a model for each call, falls back to others, and lets a cascade draft.</summary>
/// <remarks>
/// Thread-safe. Every candidate passes the gates (allow-list, exclusions, window, capabilities, region, provider-bound state) again when
/// its turn comes. On a stream a fallback is invisible before the first content and forbidden after it.
/// </remarks>
public sealed class RouterChatClient : StageChatClient
{
    private readonly Dictionary<string, RouteCandidate> _candidates;
    private readonly StageSettings<RouterPolicy> _policy;

    /// <summary>Creates a router that stands alone.</summary>
    /// <param name="models">Clients by name, each best made a metered model with <see cref="LlmStages.Model"/>; the router disposes of them.</param>
    /// <param name="options">The settings; all models in order by default.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <exception cref="LlmConfigurationException">The options are wrong, or there is no model.</exception>
    public RouterChatClient(IReadOnlyList<KeyValuePair<string, IChatClient>> models, RouterOptions? options = null, TimeProvider? timeProvider = null)
        : this(Candidates(models), Settings(models, options), CallSetup.Alone("router", timeProvider, logger: null))
    {
    }

    internal RouterChatClient(IReadOnlyList<RouteCandidate> candidates, StageSettings<RouterPolicy> policy, CallSetup? alone)
        : base(candidates[0].Client, alone)
    {
        _candidates = candidates.ToDictionary(candidate => candidate.Name);
        _policy = policy;
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is string name && _candidates.TryGetValue(name, out var candidate)
            ? candidate.Client.GetService(serviceType)
            : base.GetService(serviceType, serviceKey);

    internal override async Task<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var policy = _policy.For(call);
        var dispatch = new Dispatch(policy, Order(policy, call), messages, options, call);
        while (true)
        {
            var candidate = dispatch.Next();
            try
            {
                var response = await candidate.Client.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
                if (!IsDraft(policy, dispatch) || policy.Accepts(response, options))
                    return response;
                dispatch.Escalated(candidate);
            }
            catch (Exception exception)
            {
                dispatch.Failed(candidate, exception, cancellationToken);
            }
        }
    }

    internal override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var policy = _policy.For(call);
        var dispatch = new Dispatch(policy, Order(policy, call), messages, options, call);
        while (true)
        {
            var candidate = dispatch.Next();
            if (IsDraft(policy, dispatch))
            {
                if (await DraftAsync(policy, dispatch, candidate, messages, options, cancellationToken).ConfigureAwait(false) is not { } draft)
                    continue;
                foreach (var update in draft.ToChatResponseUpdates())
                    yield return update;
                yield break;
            }

            var stream = candidate.Client.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using var _ = stream.ConfigureAwait(false);
            if (await BeginAsync(dispatch, candidate, stream, cancellationToken).ConfigureAwait(false) is not { } beginning)
                continue;
            foreach (var update in beginning)
                yield return update;
            while (await stream.MoveNextAsync().ConfigureAwait(false))
                yield return stream.Current;
            yield break;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var candidate in _candidates.Values.Where(candidate => disposing && candidate.Client != InnerClient))
            candidate.Client.Dispose();
        base.Dispose(disposing);
    }

    private static RouteCandidate[] Candidates(IReadOnlyList<KeyValuePair<string, IChatClient>> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        return models.Count == 0
            ? throw new LlmConfigurationException(["The router has no model. Give it at least one client."])
            : [.. models.Select(pair => new RouteCandidate(pair.Key, pair.Value, new(FactsOf(pair))))];
    }

    private static Model FactsOf(KeyValuePair<string, IChatClient> pair) =>
        pair.Value.GetService<Model>() ?? new Model(pair.Key, new(), entry: null, provider: null, pair.Value.GetService<ChatClientMetadata>()?.DefaultModelId);

    private static StageSettings<RouterPolicy> Settings(IReadOnlyList<KeyValuePair<string, IChatClient>> models, RouterOptions? options)
    {
        var failures = new List<string>();
        var policy = RouterPolicy.Compile(options ?? new(), [.. models.Select(pair => pair.Key)], failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : new(policy);
    }

    private static bool IsDraft(RouterPolicy policy, Dispatch dispatch) =>
        policy.Strategy == RoutingStrategy.Cascade && !policy.Observe && !dispatch.IsLast;

    private static bool HasContent(ChatResponseUpdate update)
    {
        foreach (var content in update.Contents)
        {
            if (content is not UsageContent && content is not TextContent { Text.Length: 0 } && content is not TextReasoningContent { Text.Length: 0 })
                return true;
        }

        return false;
    }

    /// <summary>Reads a stream up to its first content. Gives what was read, or <see langword="null"/> when the next candidate shall try.</summary>
    private static async ValueTask<List<ChatResponseUpdate>?> BeginAsync(
        Dispatch dispatch, RouteCandidate candidate, IAsyncEnumerator<ChatResponseUpdate> stream, CancellationToken cancellationToken)
    {
        var beginning = new List<ChatResponseUpdate>(1);
        try
        {
            while (await stream.MoveNextAsync().ConfigureAwait(false))
            {
                beginning.Add(stream.Current);
                if (HasContent(stream.Current))
                    break;
            }

            return beginning;
        }
        catch (Exception exception)
        {
            dispatch.Failed(candidate, exception, cancellationToken);
            return null;
        }
    }

    private static async ValueTask<ChatResponse?> DraftAsync(
        RouterPolicy policy, Dispatch dispatch, RouteCandidate candidate, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var draft = await candidate.Client.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
            if (policy.Accepts(draft, options))
                return draft;
            dispatch.Escalated(candidate);
        }
        catch (Exception exception)
        {
            dispatch.Failed(candidate, exception, cancellationToken);
        }

        return null;
    }

    private RouteCandidate[] Order(RouterPolicy policy, LlmCall call)
    {
        var route = policy.RouteOf(call.Feature);
        var declared = Array.ConvertAll(route.Models, name => _candidates[name]);
        if (policy.Strategy != RoutingStrategy.Weighted)
            return declared;
        var order = policy.Chance.Order(route.Weights);
        if (!policy.Observe)
            return Array.ConvertAll(order, index => declared[index]);
        call.AddStep(new RouteStep("chosen", route.Models[order[0]], "by weight") { Observed = true });
        return declared;
    }
}
