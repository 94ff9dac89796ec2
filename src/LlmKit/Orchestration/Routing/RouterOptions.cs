using LlmKit.Internal.Hedging;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Drafts;
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

    /// <summary>Gets or sets where decisions are recorded, with what came of them: those of <see cref="Policy"/>, or of the strategy.</summary>
    /// <value><see langword="null"/> by default: nowhere but on the call.</value>
    public RoutingTraceLog? Traces { get; set; }

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

    /// <summary>Gets or sets the models that are tried after a failure of a kind, in order, in place of those that would be next; see <see cref="FallbackTo"/>.</summary>
    /// <value>Empty by default. Configuration is laid over it kind by kind.</value>
    public IReadOnlyDictionary<ModelFailureKind, IReadOnlyList<string>> FallbackModels { get; set; } = new Dictionary<ModelFailureKind, IReadOnlyList<string>>();

    /// <summary>Gets or sets what a draft of a cascade is held to before it is the answer; the last model's answer is final and held to nothing.</summary>
    /// <value><see langword="null"/> by default: <see cref="DraftChecks.Format"/>. A draft that the provider filtered is final and not checked.</value>
    public DraftCheck? DraftCheck { get; set; }

    /// <summary>Gets or sets whether a draft of a cascade is good enough to be the answer: the short form of a <see cref="DraftCheck"/> that only looks at the answer.</summary>
    /// <value><see langword="null"/> by default. Not beside <see cref="DraftCheck"/>.</value>
    public Func<ChatResponse, bool>? AcceptDraft { get; set; }

    /// <summary>Gets or sets whether a draft that was not accepted is never the answer, not even when no stronger model may be asked or all of them fail.</summary>
    /// <value>
    /// <see langword="false"/> by default: when the stronger models fail, the best draft is the answer, as a step says and
    /// <see cref="Calls.AnswerMarks.Unverified"/>, if it is whole; when none may be asked, the draft is not checked, as a step says. With
    /// <see langword="true"/> the call fails with their failure, or with <see cref="DraftRejectedException"/> where none may be asked.
    /// </value>
    public bool FailUnverified { get; set; }

    /// <summary>Gets or sets whether a stream shows drafts as they come, before they are checked.</summary>
    /// <value>
    /// <see langword="false"/> by default: a stream begins when a draft is accepted, or with the last model. With <see langword="true"/> a draft
    /// that was shown and not accepted is taken back by an update for which <see cref="DraftUpdates.IsDraftRejected"/> holds, and the answer
    /// follows as another message. The reader must heed it: whoever only joins the texts has both. Stages further out see both too,
    /// so that such an answer is not kept in a cache and rules on the form of answers do not fit.
    /// </value>
    public bool StreamDrafts { get; set; }

    /// <summary>Gets or sets when the next model is asked beside one that is slow. The first good answer wins and both are paid for.</summary>
    /// <value><see langword="null"/> by default: never. Not for a cascade, nor for calls that may not fall back. An answer of the second model counts as a fallback.</value>
    public HedgingOptions? Hedging { get; set; }

    /// <summary>Gets or sets the version of these rules. It is part of the key of every kept answer, so no answer from under another version is used again.</summary>
    /// <value>
    /// Any text; <see langword="null"/> by default. Models, their order, the strategy and who may use them are in the key without it. Raise it
    /// when code decides otherwise than before, such as a delegate that checks drafts, and a cache that outlives the process is not to serve what that code once let through.
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

    /// <summary>Records each decision of the policy, or of the strategy, with what came of it, so that other policies can be replayed on them.</summary>
    /// <param name="log">The log; several routers may share one.</param>
    /// <returns>These options.</returns>
    public RouterOptions Record(RoutingTraceLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        Traces = log;
        return this;
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

    /// <summary>Lets each model draft in order, cheapest first, until a draft is accepted; every draft is paid for, and so is every check that asks a model. See <see cref="Verify"/>.</summary>
    /// <param name="models">Registered names; two or more.</param>
    /// <returns>These options.</returns>
    public RouterOptions Cascade(params string[] models) => Choose(RoutingStrategy.Cascade, models);

    /// <summary>Holds the drafts of a cascade to checks. Without <see cref="DraftChecks.Format"/> among them the form is not looked at.</summary>
    /// <param name="checks">The checks, the cheapest first; see <see cref="DraftChecks"/>. The first that does not accept a draft has the next model asked.</param>
    /// <returns>These options.</returns>
    public RouterOptions Verify(params DraftCheck[] checks)
    {
        DraftCheck = DraftChecks.All(checks);
        return this;
    }

    /// <summary>Asks the next model beside one that is slow.</summary>
    /// <param name="configure">Changes when; after 3 seconds by default, for a tenth of the calls at most.</param>
    /// <returns>These options.</returns>
    public RouterOptions Hedge(Action<HedgingOptions>? configure = null)
    {
        Hedging = new();
        configure?.Invoke(Hedging);
        return this;
    }

    /// <summary>Names the models that are tried after a failure of one kind, in order, in place of those that would be next.</summary>
    /// <remarks>
    /// Each model is tried once for a request, however many lists name it, and passes the gates again. A list for
    /// <see cref="ModelFailureKind.Transient"/> serves all transient kinds without one of their own. One for
    /// <see cref="ModelFailureKind.ContentFiltered"/> asks for what does not happen by default: a refusal of the provider is routed around, also one that
    /// comes as an answer; on a stream only if nothing was shown. If those models fail, that answer stands.
    /// </remarks>
    /// <param name="kind">The kind of failure; it need not be in <see cref="FallbackOn"/>.</param>
    /// <param name="models">Registered names; at least one. They need not be among <see cref="Models"/>.</param>
    /// <returns>These options.</returns>
    public RouterOptions FallbackTo(ModelFailureKind kind, params string[] models)
    {
        ArgumentNullException.ThrowIfNull(models);
        FallbackModels = new Dictionary<ModelFailureKind, IReadOnlyList<string>>(FallbackModels) { [kind] = models };
        return this;
    }

    /// <summary>Adds a candidate that answers without a model, or declines: it costs nothing and makes no attempt.</summary>
    /// <remarks>
    /// It stands in the order like a model, before all models where no order is given, and policies may choose it. Its answer is final: a cascade does
    /// not check it, and caches and rails treat it like any. When it declines or fails, the next candidate is asked, as a step says; the failure
    /// counts as a fallback, the decline does not. It is not asked where a provider holds the conversation, nor beside a slow model.
    /// </remarks>
    /// <param name="name">The candidate's name; not that of a model.</param>
    /// <param name="answer">Gives the answer, or <see langword="null"/> to decline; thread-safe.</param>
    /// <returns>These options.</returns>
    public RouterOptions Code(string name, Func<RoutingRequest, CancellationToken, ValueTask<ChatResponse?>> answer)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(answer);
        CodeCandidates.Add(KeyValuePair.Create(name, answer));
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

    internal List<KeyValuePair<string, Func<RoutingRequest, CancellationToken, ValueTask<ChatResponse?>>>> CodeCandidates { get; } = [];

    internal void Bind(IConfiguration section)
    {
        Strategy = section.GetValue(nameof(Strategy), Strategy);
        Observe = section.GetValue(nameof(Observe), Observe);
        FailUnverified = section.GetValue(nameof(FailUnverified), FailUnverified);
        StreamDrafts = section.GetValue(nameof(StreamDrafts), StreamDrafts);
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
        FallbackModels = Laid(section.GetSection(nameof(FallbackModels)), FallbackModels, Kind, Values);
    }

    private static IReadOnlyDictionary<string, T> Laid<T>(IConfigurationSection section, IReadOnlyDictionary<string, T> code, Func<IConfigurationSection, T> read) =>
        Laid(section, code, key => key, read);

    private static IReadOnlyDictionary<TKey, T> Laid<TKey, T>(IConfigurationSection section, IReadOnlyDictionary<TKey, T> code, Func<string, TKey> name, Func<IConfigurationSection, T> read)
        where TKey : notnull
    {
        // Null is for the validator to refuse.
        if (code is null)
            return code!;
        var laid = new Dictionary<TKey, T>(code);
        foreach (var child in section.GetChildren())
            laid[name(child.Key)] = read(child);
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
