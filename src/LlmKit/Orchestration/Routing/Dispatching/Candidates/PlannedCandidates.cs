using System.Collections.Frozen;
using LlmKit.Internal.Hedging;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>The candidates that a plan names, models and code, found once.</summary>
internal sealed class PlannedCandidates
{
    private readonly IReadOnlyDictionary<string, RouteCandidate> _models;
    private readonly FrozenDictionary<ModelRoute, RouteCandidate[]> _routes;
    private readonly FrozenDictionary<ModelFailureKind, FallbackList> _fallbacks;

    public PlannedCandidates(RouterPlan plan, IReadOnlyDictionary<string, RouteCandidate> models, IReadOnlyDictionary<string, HedgeTraffic> traffic)
    {
        (Plan, Traffic) = (plan, traffic);
        _models = models;
        _routes = plan.Features.Values.Append(plan.Default).ToFrozenDictionary(route => route, route => Find(route.Models));
        _fallbacks = plan.FallbackModels.ToFrozenDictionary(pair => pair.Key, pair => new FallbackList(Find(pair.Value), new FallbackPolicy(pair.Key, pair.Value)));
    }

    public RouterPlan Plan { get; }

    /// <summary>Gets how much hedges may do beside each model, by name.</summary>
    public IReadOnlyDictionary<string, HedgeTraffic> Traffic { get; }

    /// <summary>Gets whether any kind of failure has candidates of its own.</summary>
    public bool HasFallbacks => _fallbacks.Count > 0;

    /// <summary>Gives the candidates of a route, in the declared order.</summary>
    public RouteCandidate[] Of(ModelRoute route) => _routes[route];

    /// <summary>Gives the candidates that are declared for a kind of failure; a list for transient failures serves every transient kind without one.</summary>
    public FallbackList? FallbacksFor(ModelFailure? failure) =>
        failure is null || _fallbacks.Count == 0 ? null
        : _fallbacks.TryGetValue(failure.Kind, out var own) ? own
        : failure.IsTransient ? _fallbacks.GetValueOrDefault(ModelFailureKind.Transient)
        : null;

    /// <summary>Finds the model that issued what a request refers to; <see langword="null"/> where no door remembers it.</summary>
    public RouteCandidate? IssuerOf(string state)
    {
        foreach (var model in _models.Values)
        {
            if (model.IssuerOf(state) is { } name && _models.TryGetValue(name, out var issuer))
                return issuer;
        }

        return null;
    }

    private RouteCandidate[] Find(IReadOnlyList<string> names) => [.. names.Select(name => Plan.Code.GetValueOrDefault(name) ?? _models[name])];
}
