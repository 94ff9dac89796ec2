using System.Collections.Frozen;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing;

/// <summary>A router's settings, prepared once for a snapshot.</summary>
internal sealed class RouterPolicy
{
    private readonly FrozenDictionary<string, FrozenSet<string>> _allowed;
    private readonly Func<ChatResponse, bool>? _accept;

    private RouterPolicy(RouterOptions options, IReadOnlyList<string> registered)
    {
        Strategy = options.Strategy;
        Models = options.Models.Count > 0 ? [.. options.Models] : [.. registered];
        Weights = [.. Models.Select(model => options.Weights.GetValueOrDefault(model))];
        FallbackOn = options.FallbackOn.ToFrozenSet();
        Observe = options.Observe;
        _allowed = options.AllowedModels.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToFrozenSet());
        _accept = options.AcceptDraft;
        Chance = new(options.Seed);
    }

    public RoutingStrategy Strategy { get; }

    public string[] Models { get; }

    public double[] Weights { get; }

    public FrozenSet<ModelFailureKind> FallbackOn { get; }

    public bool Observe { get; }

    public WeightedChoice Chance { get; }

    public static RouterPolicy Compile(RouterOptions options, IReadOnlyList<string> registered, List<string> failures)
    {
        RouterOptionsValidator.Validate(options, registered, failures);
        return new(failures.Count > 0 ? new() : options, registered);
    }

    public bool Allows(string? tenant, string model) =>
        tenant is null || !_allowed.TryGetValue(tenant, out var models) || models.Contains(model);

    public bool Accepts(ChatResponse draft, ChatOptions options) => _accept?.Invoke(draft) ?? WholeAnswer.Is(draft, options);
}
