using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>What policies would have reached on the same requests.</summary>
public sealed class ReplayReport
{
    private readonly Dictionary<RoutingPolicy, PolicyEstimate> _estimates;
    private readonly double _confidence;

    internal ReplayReport(ReplayLog log, IReadOnlyList<ReplayedChoices> choices, ReplayEstimator estimator, double confidence)
    {
        (Estimator, Count, Unscored, Forced, _confidence) = (estimator, log.Rows.Length, log.Unscored, log.Forced, confidence);
        _estimates = choices.ToDictionary(choice => choice.Policy, choice => new PolicyEstimate(choice, log.Rows, estimator));
        Policies = [.. choices.Select(choice => _estimates[choice.Policy].Summary(confidence))];
    }

    /// <summary>Gets what each policy reaches, in the order in which they were given.</summary>
    public IReadOnlyList<PolicyReplay> Policies { get; }

    /// <summary>Gets how the figures came about.</summary>
    public ReplayEstimator Estimator { get; }

    /// <summary>Gets how many traces they rest on.</summary>
    public int Count { get; }

    /// <summary>Gets how many traces were left out because nobody scored their answer, or it came of another decision: they are missing, not wrong.</summary>
    public int Unscored { get; }

    /// <summary>Gets how many traces were left out because the call asked for a model itself.</summary>
    public int Forced { get; }

    /// <summary>Gives how much better one policy's answers are than another's, request by request.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="other">The one that it is held against.</param>
    /// <returns>The difference of the mean scores; an interval above 0 says that it is better.</returns>
    /// <exception cref="ArgumentException">One of them was not replayed.</exception>
    public Interval QualityDifference(RoutingPolicy policy, RoutingPolicy other) => (Of(policy).Quality - Of(other).Quality).Within(_confidence);

    /// <summary>Gives how much more one policy costs than another, request by request.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="other">The one that it is held against.</param>
    /// <returns>The difference of the mean costs in USD; <see langword="null"/> where not all costs are known.</returns>
    /// <exception cref="ArgumentException">One of them was not replayed.</exception>
    public Interval? CostDifference(RoutingPolicy policy, RoutingPolicy other) =>
        (Of(policy).Cost, Of(other).Cost) is ({ } one, { } two) ? (one - two).Within(_confidence) : null;

    private PolicyEstimate Of(RoutingPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return _estimates.TryGetValue(policy, out var estimate) ? estimate : throw new ArgumentException($"The policy '{policy.Name}' was not replayed. Give one of those that were.", nameof(policy));
    }
}
