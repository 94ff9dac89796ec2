using System.Collections.Frozen;
using LlmKit.Calls;
using LlmKit.Internal.Hedging;
using LlmKit.Internal.Keys;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Dispatching;
using LlmKit.Orchestration.Routing.Drafts;
using LlmKit.Orchestration.Routing.Policies;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing;

/// <summary>A router's settings, prepared once for a snapshot.</summary>
internal sealed class RouterPlan : IRoutePlan
{
    private readonly FrozenDictionary<string, FrozenSet<string>> _allowed;
    private readonly FrozenDictionary<string, Hash256> _allowedKeys;
    private readonly bool _refusesUnnamed;
    private readonly string? _version;
    private readonly bool _followsOrder;

    private RouterPlan(RouterOptions options, IReadOnlyList<string> registered, HedgePolicy? hedging)
    {
        Hedging = hedging;
        Strategy = options.Strategy;
        _followsOrder = options is { Policy: null, Strategy: RoutingStrategy.Priority };
        Traces = options.Observe ? null : options.Traces;
        Checks = (options.DraftCheck ?? (options.AcceptDraft is { } accept ? DraftChecks.Accepting(accept) : DraftChecks.Format)).Parts;
        Default = Route(options.Models.Count > 0 ? options.Models : registered, options);
        Features = options.FeatureModels.ToFrozenDictionary(pair => pair.Key, pair => Route(pair.Value, options));
        FallbackOn = options.FallbackOn.ToFrozenSet();
        FallbackModels = options.FallbackModels.ToFrozenDictionary();
        Code = options.CodeCandidates.ToFrozenDictionary(pair => pair.Key, pair => CodeCandidate.Of(pair.Key, pair.Value));
        Observe = options.Observe;
        _allowed = options.AllowedModels.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToFrozenSet());
        _allowedKeys = _allowed.ToFrozenDictionary(pair => pair.Key, pair => KeyWriter.KeyOf(pair.Value.Order(StringComparer.Ordinal)));
        _refusesUnnamed = _allowed.Count > 0 && options.MissingIdentity == MissingIdentity.Refuse;
        FailUnverified = options.FailUnverified;
        StreamDrafts = options.StreamDrafts;
        _version = options.Version;
        Chance = new(options.Seed);
    }

    public RoutingStrategy Strategy { get; }

    /// <summary>Gets where decisions that are followed are recorded, or <see langword="null"/> where none are.</summary>
    public RoutingTraceLog? Traces { get; }

    /// <summary>Gets the models of calls whose feature has none of its own.</summary>
    public ModelRoute Default { get; }

    /// <summary>Gets the models of single features.</summary>
    public FrozenDictionary<string, ModelRoute> Features { get; }

    public FrozenSet<ModelFailureKind> FallbackOn { get; }

    /// <summary>Gets who is asked after single kinds of failure, in order, in place of who would be next.</summary>
    public FrozenDictionary<ModelFailureKind, IReadOnlyList<string>> FallbackModels { get; }

    /// <summary>Gets the candidates that answer without a model.</summary>
    public FrozenDictionary<string, RouteCandidate> Code { get; }

    public bool Observe { get; }

    /// <summary>Gets when the next model is asked beside a slow one, or <see langword="null"/> for never.</summary>
    public HedgePolicy? Hedging { get; }

    /// <summary>Gets what a cascade's drafts are held to, one after the other.</summary>
    public IReadOnlyList<DraftCheck> Checks { get; }

    /// <summary>Gets whether a draft that was not accepted is never the answer.</summary>
    public bool FailUnverified { get; }

    /// <summary>Gets whether drafts are shown as they come.</summary>
    public bool StreamDrafts { get; }

    public SeededChance Chance { get; }

    public static RouterPlan Compile(RouterOptions options, IReadOnlyList<string> registered, List<string> failures)
    {
        var before = failures.Count;
        IReadOnlyList<string> known = [.. options.CodeCandidates.Select(pair => pair.Key), .. registered];
        RouterOptionsValidator.Validate(options, known, failures);
        var hedging = options.Hedging is { } settings ? HedgePolicy.Compile(settings, failures) : null;
        return failures.Count > before ? new(new(), registered, hedging) : new(options, known, hedging);
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
        var route = RouteOf(identity.Feature);
        // What is chosen is the same whether or not it is recorded.
        key.Text(_followsOrder ? null : route.Policy!.ToString());
        key.Key(route.Key);
        if (identity.Tenant is { } tenant && _allowedKeys.TryGetValue(tenant, out var allowed))
            key.Key(allowed);
    }

    /// <summary>Gives why a tenant may not use a model, or <see langword="null"/> when it may.</summary>
    public string? WhyNotAllowed(string? tenant, string model) =>
        tenant is null ? (_refusesUnnamed ? "models are allowed by tenant and the call does not say whose it is; set LlmCallOptions.Tenant or RouterOptions.MissingIdentity" : null)
        : _allowed.TryGetValue(tenant, out var models) && !models.Contains(model) ? "the tenant may not use it"
        : null;

    /// <summary>Gives the refusal of a model that may not take a call. Who is not known is told that, as by every rule that is for each tenant.</summary>
    public AttemptRefusedException Refusal(string? tenant, string model, string reason)
    {
        var message = $"The model '{model}' may not take this call: {reason}.";
        return tenant is null && _refusesUnnamed ? new MissingIdentityException(RefusalReason.Gate, message) : new AttemptRefusedException(RefusalReason.Gate, model, message);
    }

    private ModelRoute Route(IReadOnlyList<string> models, RouterOptions options) =>
        new([.. models]) { Policy = options.Policy ?? PolicyOf(models, options) };

    /// <summary>The policy that chooses as the strategy does, so that its decisions are like any. Of the declared order alone there is none to make unless it is recorded.</summary>
    private RoutingPolicy? PolicyOf(IReadOnlyList<string> models, RouterOptions options) => options.Strategy switch
    {
        RoutingStrategy.Weighted => RoutingPolicies.Weighted([.. models.Select(model => (model, options.Weights.GetValueOrDefault(model)))]),
        RoutingStrategy.Cascade => new CascadePolicy([.. models, .. Checks.Select(check => check.ToString())]),
        _ => Traces is null ? null : RoutingPolicies.Priority([.. models]),
    };
}
