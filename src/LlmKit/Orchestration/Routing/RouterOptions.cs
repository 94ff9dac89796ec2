using LlmKit.Models;
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

    /// <summary>Gets or sets the registered models to choose from, in order.</summary>
    /// <value>Empty by default: all models in the order of their registration.</value>
    public IReadOnlyList<string> Models { get; set; } = [];

    /// <summary>Gets or sets the weight of each model of a weighted choice.</summary>
    /// <value>Each 0 or more and one above 0; a model without a weight has 0 and is a fallback only.</value>
    public IReadOnlyDictionary<string, double> Weights { get; set; } = new Dictionary<string, double>();

    /// <summary>Gets or sets the models for single features (call sites), in order, in place of <see cref="Models"/>.</summary>
    /// <value>Empty by default. A weighted choice draws among them by <see cref="Weights"/>.</value>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> FeatureModels { get; set; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Gets or sets the models that a tenant may use; a tenant that is not listed may use all.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> AllowedModels { get; set; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Gets or sets the kinds of failure after which the next model is tried. LlmKit's own refusals always are.</summary>
    /// <value>The transient kinds, and those of a model that cannot serve anybody: unauthorised, quota exhausted, model not found. A refusal to answer is an answer and is not routed around.</value>
    public IReadOnlySet<ModelFailureKind> FallbackOn { get; set; } = new HashSet<ModelFailureKind>
    {
        ModelFailureKind.RateLimited, ModelFailureKind.Overloaded, ModelFailureKind.Timeout, ModelFailureKind.Transient, ModelFailureKind.Truncated,
        ModelFailureKind.Unauthorized, ModelFailureKind.QuotaExhausted, ModelFailureKind.ModelNotFound,
    };

    /// <summary>Gets or sets whether a draft of a cascade is good enough to be the answer.</summary>
    /// <value><see langword="null"/> by default: a whole answer that was neither filtered nor empty, and valid JSON where JSON was asked for.</value>
    public Func<ChatResponse, bool>? AcceptDraft { get; set; }

    /// <summary>Gets or sets the seed of weighted choices.</summary>
    /// <value><see langword="null"/> by default: another sequence each time.</value>
    public int? Seed { get; set; }

    /// <summary>Gets or sets whether the router only records which model it would choose and asks the first one.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool Observe { get; set; }

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
        if (Values(section.GetSection(nameof(Models))) is { Count: > 0 } models)
            Models = models;
        var weights = section.GetSection(nameof(Weights)).GetChildren().ToDictionary(child => child.Key, child => child.Get<double>());
        if (weights.Count > 0)
            Weights = weights;
        var allowed = section.GetSection(nameof(AllowedModels)).GetChildren().ToDictionary(child => child.Key, Values);
        if (allowed.Count > 0)
            AllowedModels = allowed;
        var features = section.GetSection(nameof(FeatureModels)).GetChildren().ToDictionary(child => child.Key, Values);
        if (features.Count > 0)
            FeatureModels = features;
        if (Values(section.GetSection(nameof(FallbackOn))) is { Count: > 0 } kinds)
            FallbackOn = kinds.Select(kind => Enum.TryParse<ModelFailureKind>(kind, ignoreCase: true, out var parsed) ? parsed : throw new InvalidOperationException($"'{kind}' is not a ModelFailureKind.")).ToHashSet();
    }

    private static IReadOnlyList<string> Values(IConfigurationSection section) => [.. section.GetChildren().Select(child => child.Value).OfType<string>()];

    private RouterOptions Choose(RoutingStrategy strategy, string[] models)
    {
        ArgumentNullException.ThrowIfNull(models);
        Strategy = strategy;
        Models = models;
        return this;
    }
}
