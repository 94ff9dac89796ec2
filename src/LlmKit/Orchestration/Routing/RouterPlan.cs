using System.Collections.Frozen;
using LlmKit.Calls;
using LlmKit.Internal.Hedging;
using LlmKit.Internal.Keys;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Dispatching;
using LlmKit.Orchestration.Routing.Policies;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing;

/// <summary>A router's settings, prepared once for a snapshot.</summary>
internal sealed class RouterPlan : IRoutePlan
{
    private readonly FrozenDictionary<string, FrozenSet<string>> _allowed;
    private readonly FrozenDictionary<string, Hash256> _allowedKeys;
    private readonly bool _refusesUnnamed;
    private readonly Func<ChatResponse, bool>? _accept;
    private readonly string? _version;

    private RouterPlan(RouterOptions options, IReadOnlyList<string> registered, HedgePolicy? hedging)
    {
        Hedging = hedging;
        Strategy = options.Strategy;
        Policy = options.Policy;
        Default = Route(options.Models.Count > 0 ? options.Models : registered, options);
        Features = options.FeatureModels.ToFrozenDictionary(pair => pair.Key, pair => Route(pair.Value, options));
        FallbackOn = options.FallbackOn.ToFrozenSet();
        Observe = options.Observe;
        _allowed = options.AllowedModels.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToFrozenSet());
        _allowedKeys = _allowed.ToFrozenDictionary(pair => pair.Key, pair => KeyWriter.KeyOf(pair.Value.Order(StringComparer.Ordinal)));
        _refusesUnnamed = _allowed.Count > 0 && options.MissingIdentity == MissingIdentity.Refuse;
        _accept = options.AcceptDraft;
        _version = options.Version;
        Chance = new(options.Seed);
    }

    public RoutingStrategy Strategy { get; }

    /// <summary>Gets the policy that chooses among the models of the route, or <see langword="null"/> where the strategy does.</summary>
    public RoutingPolicy? Policy { get; }

    /// <summary>Gets the models of calls whose feature has none of its own.</summary>
    public ModelRoute Default { get; }

    /// <summary>Gets the models of single features.</summary>
    public FrozenDictionary<string, ModelRoute> Features { get; }

    public FrozenSet<ModelFailureKind> FallbackOn { get; }

    public bool Observe { get; }

    /// <summary>Gets when the next model is asked beside a slow one, or <see langword="null"/> for never.</summary>
    public HedgePolicy? Hedging { get; }

    public WeightedChoice Chance { get; }

    public static RouterPlan Compile(RouterOptions options, IReadOnlyList<string> registered, List<string> failures)
    {
        var before = failures.Count;
        RouterOptionsValidator.Validate(options, registered, failures);
        var hedging = options.Hedging is { } settings ? HedgePolicy.Compile(settings, failures) : null;
        return new(failures.Count > before ? new() : options, registered, hedging);
    }

    /// <summary>Prepares the settings of a router that stands alone.</summary>
    /// <exception cref="LlmConfigurationException">They are wrong.</exception>
    public static StageSettings<RouterPlan> Fixed(RouterOptions options, IReadOnlyList<KeyValuePair<string, IChatClient>> models)
    {
        var failures = new List<string>();
        var plan = Compile(options, [.. models.Select(pair => pair.Key)], failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : new(plan);
    }

    /// <summary>Gives the models to choose from for a call of a feature.</summary>
    public ModelRoute RouteOf(string? feature) =>
        feature is not null && Features.TryGetValue(feature, out var route) ? route : Default;

    /// <inheritdoc/>
    public void WriteRoute(KeyWriter key, CallIdentity identity)
    {
        key.Text(_version);
        key.Number((long)Strategy);
        key.Text(Policy?.ToString());
        key.Key(RouteOf(identity.Feature).Key);
        if (identity.Tenant is { } tenant && _allowedKeys.TryGetValue(tenant, out var allowed))
            key.Key(allowed);
    }

    /// <summary>Gives why a tenant may not use a model, or <see langword="null"/> when it may.</summary>
    public string? WhyNotAllowed(string? tenant, string model) =>
        tenant is null ? (_refusesUnnamed ? "models are allowed by tenant and the call does not say whose it is; set LlmCallOptions.Tenant or RouterOptions.MissingIdentity" : null)
        : _allowed.TryGetValue(tenant, out var models) && !models.Contains(model) ? "the tenant may not use it"
        : null;

    /// <summary>Says whether a draft is the answer. One that the provider filtered is: another model is no way around a refusal.</summary>
    public bool Accepts(ChatResponse draft, ChatOptions options) =>
        draft.FinishReason == ChatFinishReason.ContentFilter || (_accept?.Invoke(draft) ?? WholeAnswer.Is(draft, options));

    private static ModelRoute Route(IReadOnlyList<string> models, RouterOptions options) =>
        new([.. models], [.. models.Select(model => options.Weights.GetValueOrDefault(model))]);
}
