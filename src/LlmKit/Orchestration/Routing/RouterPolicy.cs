using System.Collections.Frozen;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing;

/// <summary>A router's settings, prepared once for a snapshot.</summary>
internal sealed class RouterPolicy
{
    private readonly ModelRoute _default;
    private readonly FrozenDictionary<string, ModelRoute> _features;
    private readonly FrozenDictionary<string, FrozenSet<string>> _allowed;
    private readonly Func<ChatResponse, bool>? _accept;

    private RouterPolicy(RouterOptions options, IReadOnlyList<string> registered)
    {
        Strategy = options.Strategy;
        _default = Route(options.Models.Count > 0 ? options.Models : registered, options);
        _features = options.FeatureModels.ToFrozenDictionary(pair => pair.Key, pair => Route(pair.Value, options));
        FallbackOn = options.FallbackOn.ToFrozenSet();
        Observe = options.Observe;
        _allowed = options.AllowedModels.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToFrozenSet());
        _accept = options.AcceptDraft;
        Chance = new(options.Seed);
    }

    public RoutingStrategy Strategy { get; }

    public FrozenSet<ModelFailureKind> FallbackOn { get; }

    public bool Observe { get; }

    public WeightedChoice Chance { get; }

    public static RouterPolicy Compile(RouterOptions options, IReadOnlyList<string> registered, List<string> failures)
    {
        RouterOptionsValidator.Validate(options, registered, failures);
        return new(failures.Count > 0 ? new() : options, registered);
    }

    /// <summary>Gives the models for a feature, in order.</summary>
    public ModelRoute RouteOf(string? feature) =>
        feature is not null && _features.TryGetValue(feature, out var route) ? route : _default;

    public bool Allows(string? tenant, string model) =>
        tenant is null || !_allowed.TryGetValue(tenant, out var models) || models.Contains(model);

    public bool Accepts(ChatResponse draft, ChatOptions options) => _accept?.Invoke(draft) ?? WholeAnswer.Is(draft, options);

    private static ModelRoute Route(IReadOnlyList<string> models, RouterOptions options) =>
        new([.. models], [.. models.Select(model => options.Weights.GetValueOrDefault(model))]);
}

/// <summary>Models to choose from, in order, with their weights.</summary>
/// <param name="Models">Registered names.</param>
/// <param name="Weights">The weight of each.</param>
internal sealed record ModelRoute(string[] Models, double[] Weights);
