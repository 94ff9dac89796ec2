using LlmKit.Calls;
using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>What policies would have reached on the same requests.</summary>
public sealed class ReplayReport
{
    private readonly Dictionary<RoutingPolicy, PolicyEstimate> _estimates;

    internal ReplayReport(ReplayLog log, IReadOnlyList<ReplayedChoices> choices, ReplayEstimator estimator, double confidence)
    {
        (Log, Estimator, Confidence) = (log, estimator, confidence);
        Replayed = [.. choices.Select(choice => choice.Policy)];
        _estimates = choices.ToDictionary(choice => choice.Policy, choice => new PolicyEstimate(choice, log.Rows, estimator));
        Policies = [.. Replayed.Select(policy => _estimates[policy].Summary(confidence))];
        Features = [.. Enumerable.Range(0, Count).GroupBy(trace => log.Rows[trace].Feature)
            .Where(feature => feature.Count() < Count || feature.Key is not null)
            .OrderByDescending(feature => feature.Count()).ThenBy(feature => feature.Key, StringComparer.Ordinal)
            .Select(feature => FeatureOf(feature.Key, [.. feature]))];
    }

    /// <summary>Gets what each policy reaches, in the order in which they were given.</summary>
    public IReadOnlyList<PolicyReplay> Policies { get; }

    /// <summary>Gets what each policy reaches at each call site, those with the most traces first; none where traces name none.</summary>
    public IReadOnlyList<FeatureReplay> Features { get; }

    /// <summary>Gets how the figures came about.</summary>
    public ReplayEstimator Estimator { get; }

    /// <summary>Gets how many traces they rest on.</summary>
    public int Count => Log.Rows.Length;

    /// <summary>Gets how many traces were left out because nobody scored their answer, or it came of another decision: they are missing, not wrong.</summary>
    public int Unscored => Log.Unscored;

    /// <summary>
    /// Gets how many traces were left out because the policy had no say in them (<see cref="Traces.RoutingTrace.IsForced"/>), or because they are of a call that served
    /// another (<see cref="Traces.RoutingTrace.Purpose"/>), such as a sample, whose answer is seen only where others agreed with it.
    /// </summary>
    public int Forced => Log.Forced;

    /// <summary>Gets how many scored traces were left out because a policy reads prompts and theirs was cut: the figures say nothing of such requests.</summary>
    public int Cut => Log.Cut;

    internal ReplayLog Log { get; }

    /// <summary>Gets the confidence of the intervals.</summary>
    internal double Confidence { get; }

    /// <summary>Gets the policies, in the order in which they were given.</summary>
    internal IReadOnlyList<RoutingPolicy> Replayed { get; }

    /// <summary>Gives how much better one policy's answers are than another's, request by request.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="other">The one that it is held against.</param>
    /// <returns>The difference of the mean scores; an interval above 0 says that it is better.</returns>
    /// <exception cref="ArgumentException">One of them was not replayed.</exception>
    public Interval QualityDifference(RoutingPolicy policy, RoutingPolicy other) => (Of(policy).Quality - Of(other).Quality).Within(Confidence);

    /// <summary>Gives how much more one policy costs than another, request by request.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="other">The one that it is held against.</param>
    /// <returns>The difference of the mean costs in USD; <see langword="null"/> where not all costs are known.</returns>
    /// <exception cref="ArgumentException">One of them was not replayed.</exception>
    public Interval? CostDifference(RoutingPolicy policy, RoutingPolicy other) =>
        (Of(policy).Cost, Of(other).Cost) is ({ } one, { } two) ? (one - two).Within(Confidence) : null;

    private FeatureReplay FeatureOf(string? feature, int[] traces) =>
        new(feature, traces.Length, [.. Replayed.Select(policy => _estimates[policy].TrySummary(traces, Confidence))]);

    private PolicyEstimate Of(RoutingPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return _estimates.TryGetValue(policy, out var estimate) ? estimate : throw new ArgumentException($"The policy '{policy.Name}' was not replayed. Give one of those that were.", nameof(policy));
    }
}
