using LlmKit.Orchestration.Routing.Complexity;
using LlmKit.Orchestration.Routing.Learning;
using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit;

/// <summary>The policies that a router can choose by. They compose: a condition or a share of exploration takes other policies.</summary>
/// <remarks>A policy is given to <see cref="RouterOptions.Use"/>. Gates stand before all of them: a model that may not or cannot take the request is no candidate.</remarks>
public static class RoutingPolicies
{
    /// <summary>The share of requests that go to models of which nothing is known, or not any more, or a failure at last.</summary>
    private const double UnknownShare = 0.05;

    /// <summary>Chooses the first of some models that may and can take the request.</summary>
    /// <param name="models">Registered names, in order.</param>
    /// <returns>The policy.</returns>
    public static RoutingPolicy Priority(params string[] models)
    {
        ArgumentNullException.ThrowIfNull(models);
        return new PriorityPolicy([.. models]);
    }

    /// <summary>Chooses one model whatever the request.</summary>
    /// <param name="model">The registered name.</param>
    /// <returns>The policy.</returns>
    public static RoutingPolicy Pin(string model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return new PriorityPolicy([model]);
    }

    /// <summary>Draws by weight.</summary>
    /// <param name="weights">Registered names and weights, each 0 or more and one above 0.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">A weight is below 0 or no number, or none is above 0.</exception>
    public static RoutingPolicy Weighted(params (string Model, double Weight)[] weights) => new WeightedPolicy(Checked(weights));

    /// <summary>Chooses each model in turn.</summary>
    /// <returns>The policy, with a turn of its own.</returns>
    public static RoutingPolicy RoundRobin() => new RoundRobinPolicy();

    /// <summary>Gives each user, or whatever the key says, a model by weight, and always the same. Raising a model's weight moves keys to it and none elsewhere: a canary.</summary>
    /// <param name="key">Gives the key; by default the user, else the tenant. Without a key the first model is chosen.</param>
    /// <param name="weights">Registered names and weights, each 0 or more and one above 0.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">A weight is below 0 or no number, or none is above 0.</exception>
    public static RoutingPolicy Sticky(Func<RoutingRequest, string?>? key = null, params (string Model, double Weight)[] weights) =>
        new StickyPolicy(Checked(weights), key ?? (static context => context.User ?? context.Tenant));

    /// <summary>Chooses the model with the fewest requests of this router in flight; of several the first.</summary>
    /// <returns>The policy.</returns>
    public static RoutingPolicy LeastBusy() => new LeastPolicy("least-busy", static (_, candidate) => candidate.InFlight);

    /// <summary>Chooses the model that is fastest to its first content of late. A twentieth of the requests goes to models of which nothing is known, or whose last answer was a failure.</summary>
    /// <returns>The policy.</returns>
    public static RoutingPolicy LeastLatency() => new LeastPolicy("least-latency", static (_, candidate) => candidate.IsFailing ? double.PositiveInfinity : candidate.Latency?.TotalSeconds, UnknownShare);

    /// <summary>Chooses the model that is cheapest for this request; see <see cref="RoutingRequest.EstimateCost"/>. One without a price comes last.</summary>
    /// <returns>The policy.</returns>
    public static RoutingPolicy LeastCost() => new LeastPolicy("least-cost", static (context, candidate) => (double?)context.EstimateCost(candidate));

    /// <summary>Chooses by the prompt's length: no training, and hard to beat.</summary>
    /// <param name="weak">The registered model for short prompts.</param>
    /// <param name="strong">The registered model for long ones.</param>
    /// <param name="threshold">The length from which a prompt is long, in UTF-16 code units.</param>
    /// <returns>The policy.</returns>
    public static RoutingPolicy Length(string weak, string strong, int threshold) =>
        Scored("length", $"1@{threshold}", weak, strong, threshold, static context => context.PromptLength);

    /// <summary>Chooses by words and length that tell how hard a prompt is; see <see cref="PromptComplexity"/>.</summary>
    /// <param name="weak">The registered model for simple prompts.</param>
    /// <param name="strong">The registered model for hard ones.</param>
    /// <param name="threshold">The complexity from which a prompt is hard, from 0 to 1.</param>
    /// <returns>The policy.</returns>
    public static RoutingPolicy Complexity(string weak, string strong, double threshold) =>
        Scored("complexity", FormattableString.Invariant($"1@{threshold}"), weak, strong, threshold, static context => PromptComplexity.Of(context.Prompt));

    /// <summary>Chooses by what was learned from recorded outcomes, or by the prompt's length where that was too little, which name and reason say.</summary>
    /// <param name="model">The gain model, fitted on prompts.</param>
    /// <param name="weak">The registered model that is worth trying first.</param>
    /// <param name="strong">The registered model for requests where much is gained by it.</param>
    /// <param name="threshold">The predicted gain from which the strong model is asked; calibrate it with <see cref="Orchestration.Routing.Evaluation.ThresholdCalibration"/>.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">The gain model reads drafts, which are not there when a model is chosen.</exception>
    public static RoutingPolicy Learned(GainModel model, string weak, string strong, double threshold)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.ReadsDrafts)
            throw new ArgumentException("The gain model reads drafts, and no draft is there when a model is chosen. Fit one with GainModel.FitPrompts, or verify a cascade's drafts with this one.", nameof(model));
        var isLearned = model.Basis == GainBasis.Learned;
        return Scored(
            isLearned ? "learned" : "learned-by-length",
            FormattableString.Invariant($"{model.Version}@{threshold}"),
            weak,
            strong,
            threshold,
            context => model.Predict(context.Prompt, context.Feature),
            isLearned ? "policy" : FormattableString.Invariant($"by length: {model.CountedExamples} of {GainModel.LeastExamples} examples"));
    }

    /// <summary>Chooses by what the strong model gains at the request's call site (feature): nothing to read, and hard to beat where call sites differ.</summary>
    /// <param name="weak">The registered model for sites where little is gained.</param>
    /// <param name="strong">The registered model for sites where much is gained.</param>
    /// <param name="gains">The gains, learned with <see cref="CallSiteGains.Fit"/>. A feature that is not known has the gain of all.</param>
    /// <param name="threshold">The gain from which the strong model is asked; calibrate it with <see cref="Orchestration.Routing.Evaluation.ThresholdCalibration"/>.</param>
    /// <returns>The policy.</returns>
    public static RoutingPolicy CallSite(string weak, string strong, CallSiteGains gains, double threshold)
    {
        ArgumentNullException.ThrowIfNull(gains);
        return Scored("callsite", FormattableString.Invariant($"{gains.Version}@{threshold}"), weak, strong, threshold, context => gains.Of(context.Feature));
    }

    /// <summary>Chooses by a score of one's own.</summary>
    /// <param name="name">The policy's name in decisions.</param>
    /// <param name="version">The version of the score.</param>
    /// <param name="weak">The registered model below the threshold.</param>
    /// <param name="strong">The registered model from the threshold on.</param>
    /// <param name="threshold">The threshold.</param>
    /// <param name="score">Gives the score; it depends on nothing but the context.</param>
    /// <returns>The policy.</returns>
    public static RoutingPolicy Scored(string name, string version, string weak, string strong, double threshold, Func<RoutingRequest, double> score) =>
        Scored(name, version, weak, strong, threshold, score, "policy");

    private static ScorePolicy Scored(string name, string version, string weak, string strong, double threshold, Func<RoutingRequest, double> score, string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(version);
        ArgumentException.ThrowIfNullOrWhiteSpace(weak);
        ArgumentException.ThrowIfNullOrWhiteSpace(strong);
        ArgumentNullException.ThrowIfNull(score);
        return double.IsNaN(threshold)
            ? throw new ArgumentOutOfRangeException(nameof(threshold), "The threshold is no number. Give the score from which the strong model is asked.")
            : new(name, version, weak, strong, threshold, score, reason);
    }

    /// <summary>Chooses by one policy where a condition holds, and by another elsewhere.</summary>
    /// <param name="condition">Says by tenant, feature, tags or messages which requests are meant; it depends on nothing else.</param>
    /// <param name="then">The policy for these.</param>
    /// <param name="otherwise">The policy for the others.</param>
    /// <returns>The policy.</returns>
    public static RoutingPolicy When(Func<RoutingRequest, bool> condition, RoutingPolicy then, RoutingPolicy otherwise)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(then);
        ArgumentNullException.ThrowIfNull(otherwise);
        return new ConditionalPolicy(condition, then, otherwise);
    }

    /// <summary>Lets a small share of requests go to any candidate. Without it nobody can say what another policy would have done.</summary>
    /// <param name="policy">The policy for the others.</param>
    /// <param name="share">The share, from 0 to 1; 0.05 by default.</param>
    /// <returns>The policy.</returns>
    public static RoutingPolicy Exploring(this RoutingPolicy policy, double share = 0.05)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentOutOfRangeException.ThrowIfLessThan(share, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        return share == 0 ? policy : new ExploringPolicy(policy, share);
    }

    private static Dictionary<string, double> Checked((string Model, double Weight)[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (!Array.TrueForAll(weights, weight => weight.Weight >= 0 && double.IsFinite(weight.Weight)) || !Array.Exists(weights, weight => weight.Weight > 0))
            throw new ArgumentException("A weight is below 0 or no number, or none is above 0. Give weights such as 0.9 and 0.1.", nameof(weights));
        return weights.ToDictionary(weight => weight.Model, weight => weight.Weight, StringComparer.Ordinal);
    }
}
