using LlmKit.Internal.Hedging;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Policies;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;

namespace LlmKit;

/// <summary>The settings of a router.</summary>
/// <remarks>Change them only while the pipeline is being configured. Bound from <c>LlmKit:&lt;pipeline&gt;:Router</c>; a list in the configuration takes the place of the one in code.</remarks>
public sealed class RouterOptions
{
    /// <summary>Gets or sets how the router chooses.</summary>
    /// <value><see cref="RoutingStrategy.Priority"/> by default.</value>
    public RoutingStrategy Strategy { get; set; }

    /// <summary>Gets or sets the policy that chooses, and chooses again among those that are left when a model has failed.</summary>
    /// <value><see langword="null"/> by default: <see cref="Strategy"/> chooses. Not for a cascade. See <see cref="RoutingPolicies"/>.</value>
    public RoutingPolicy? Policy { get; set; }

    /// <summary>Gets or sets the registered models to choose from, in order.</summary>
    /// <value>Empty by default: all models in the order of their registration.</value>
    public IReadOnlyList<string> Models { get; set; } = [];

    /// <summary>Gets or sets the weight of each model of a weighted choice.</summary>
    /// <value>Each 0 or more and one above 0; a model without a weight has 0 and is a fallback only. Configuration is laid over it model by model.</value>
    public IReadOnlyDictionary<string, double> Weights { get; set; } = new Dictionary<string, double>();

    /// <summary>Gets or sets the models for single features (call sites), in order, in place of <see cref="Models"/>.</summary>
    /// <value>Empty by default. Configuration is laid over it feature by feature.</value>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> FeatureModels { get; set; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Gets or sets the models that a tenant may use; a tenant that is not listed may use all.</summary>
    /// <value>Empty by default. Configuration is laid over it tenant by tenant.</value>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> AllowedModels { get; set; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Gets or sets what <see cref="AllowedModels"/> mean for a call that does not say whose it is.</summary>
    /// <value><see cref="MissingIdentity.Refuse"/> by default: once any tenant is listed, such a call may use no model. Otherwise it may use all.</value>
    public MissingIdentity MissingIdentity { get; set; }

    /// <summary>Gets or sets the kinds of failure after which the next model is tried. LlmKit's own refusals always are.</summary>
    /// <value>
    /// The transient kinds, those of a model that cannot serve anybody (unauthorised, quota exhausted, model not found), and a context
    /// length exceeded, after which only models with a larger window, or an unknown one, are tried. A refusal to answer is an answer
    /// and is not routed around.
    /// </value>
    public IReadOnlySet<ModelFailureKind> FallbackOn { get; set; } = new HashSet<ModelFailureKind>
    {
        ModelFailureKind.RateLimited, ModelFailureKind.Overloaded, ModelFailureKind.Timeout, ModelFailureKind.Transient, ModelFailureKind.Truncated,
        ModelFailureKind.Unauthorized, ModelFailureKind.QuotaExhausted, ModelFailureKind.ModelNotFound, ModelFailureKind.ContextLengthExceeded,
    };

    /// <summary>Gets or sets whether a draft of a cascade is good enough to be the answer.</summary>
    /// <value><see langword="null"/> by default: a whole answer that is not empty, and valid JSON where JSON was asked for. A draft that the provider filtered is final and not asked about.</value>
    public Func<ChatResponse, bool>? AcceptDraft { get; set; }

    /// <summary>Gets or sets when the next model is asked beside one that is slow. The first good answer wins and both are paid for.</summary>
    /// <value><see langword="null"/> by default: never. Not for a cascade, nor for calls that may not fall back. An answer of the second model counts as a fallback.</value>
    public HedgingOptions? Hedging { get; set; }

    /// <summary>Gets or sets the version of these rules. It is part of the key of every kept answer, so no answer from under another version is used again.</summary>
    /// <value>
    /// Any text; <see langword="null"/> by default. Models, their order, the strategy and who may use them are in the key without it. Raise it
    /// when code decides otherwise than before, such as <see cref="AcceptDraft"/>, and a cache that outlives the process is not to serve what that code once let through.
    /// </value>
    public string? Version { get; set; }

    /// <summary>Gets or sets the seed of weighted choices.</summary>
    /// <value><see langword="null"/> by default: another sequence each time.</value>
    public int? Seed { get; set; }

    /// <summary>Gets or sets whether the router only records which model it would choose and asks the first one, whose failures pass as they are.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool Observe { get; set; }

    /// <summary>Chooses by a policy.</summary>
    /// <param name="policy">The policy; see <see cref="RoutingPolicies"/>.</param>
    /// <param name="models">Registered names to choose from, the first where the policy has no say; all by default.</param>
    /// <returns>These options.</returns>
    public RouterOptions Use(RoutingPolicy policy, params string[] models)
    {
        ArgumentNullException.ThrowIfNull(policy);
        Policy = policy;
        return Choose(RoutingStrategy.Priority, models);
    }

    /// <summary>Asks models in order: the next when one fails or may not be used.</summary>
    /// <param name="models">Registered names.</param>
    /// <returns>These options.</returns>
    public RouterOptions Priority(params string[] models) => Choose(RoutingStrategy.Priority, models);

    /// <summary>Chooses by weight.</summary>
    /// <param name="weights">Registered names and their weights.</param>
    /// <returns>These options.</returns>
    public RouterOptions Weighted(params (string Model, double Weight)[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Weights = weights.ToDictionary(pair => pair.Model, pair => pair.Weight);
        return Choose(RoutingStrategy.Weighted, [.. weights.Select(pair => pair.Model)]);
    }

    /// <summary>Lets each model draft in order, cheapest first, until a draft is accepted; every draft is paid for. A stream begins when a draft is accepted, or with the last model.</summary>
    /// <param name="models">Registered names; two or more.</param>
    /// <returns>These options.</returns>
    public RouterOptions Cascade(params string[] models) => Choose(RoutingStrategy.Cascade, models);

    /// <summary>Asks the next model beside one that is slow.</summary>
    /// <param name="configure">Changes when; after 3 seconds by default, for a tenth of the calls at most.</param>
    /// <returns>These options.</returns>
    public RouterOptions Hedge(Action<HedgingOptions>? configure = null)
    {
        Hedging = new();
        configure?.Invoke(Hedging);
        return this;
    }

    /// <summary>Gives one feature (call site) models of its own, in order.</summary>
    /// <param name="feature">The feature.</param>
    /// <param name="models">Registered names; at least one.</param>
    /// <returns>These options.</returns>
    public RouterOptions ForFeature(string feature, params string[] models)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(feature);
        ArgumentNullException.ThrowIfNull(models);
        FeatureModels = new Dictionary<string, IReadOnlyList<string>>(FeatureModels) { [feature] = models };
        return this;
    }

    internal void Bind(IConfiguration section)
    {
        Strategy = section.GetValue(nameof(Strategy), Strategy);
        Observe = section.GetValue(nameof(Observe), Observe);
        Seed = section.GetValue(nameof(Seed), Seed);
        Version = section.GetValue(nameof(Version), Version);
        if (Values(section.GetSection(nameof(Models))) is { Count: > 0 } models)
            Models = models;
        MissingIdentity = section.GetValue(nameof(MissingIdentity), MissingIdentity);
        var hedging = section.GetSection(nameof(Hedging));
        if (hedging.Value is { Length: 0 })
            Hedging = null;
        else if (hedging.Exists())
            HedgePolicy.Bind(hedging, Hedging ??= new());
        Weights = Laid(section.GetSection(nameof(Weights)), Weights, child => child.Get<double>());
        FeatureModels = Laid(section.GetSection(nameof(FeatureModels)), FeatureModels, Values);
        AllowedModels = Laid(section.GetSection(nameof(AllowedModels)), AllowedModels, Values);
        if (Values(section.GetSection(nameof(FallbackOn))) is { Count: > 0 } kinds)
            FallbackOn = kinds.Select(Kind).ToHashSet();
    }

    private static IReadOnlyDictionary<string, T> Laid<T>(IConfigurationSection section, IReadOnlyDictionary<string, T> code, Func<IConfigurationSection, T> read)
    {
        // Null is for the validator to refuse.
        if (code is null)
            return code!;
        var laid = new Dictionary<string, T>(code);
        foreach (var child in section.GetChildren())
            laid[child.Key] = read(child);
        return laid;
    }

    private static ModelFailureKind Kind(string name) =>
        Enum.TryParse<ModelFailureKind>(name, ignoreCase: true, out var kind) ? kind : throw new InvalidOperationException($"'{name}' is not a ModelFailureKind.");

    private static IReadOnlyList<string> Values(IConfigurationSection section) => [.. section.GetChildren().Select(child => child.Value).OfType<string>()];

    private RouterOptions Choose(RoutingStrategy strategy, string[] models)
    {
        ArgumentNullException.ThrowIfNull(models);
        Strategy = strategy;
        Models = models;
        return this;
    }
}
