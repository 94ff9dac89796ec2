using LlmKit.Orchestration.Routing.Evaluation.Traces;
using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>Says from a log what other policies would have reached on the same requests, or that the log cannot tell.</summary>
/// <remarks>
/// Only scored answers count, of decisions that a policy made for the call itself, as if those that nobody scored were like them; calls that failed have none, so a model that often fails looks better
/// than it is. A policy is asked for its choice with what was recorded: the prompt's length, the prompt where prompts are, tenant and feature. One that reads
/// more (messages, options, the chance that was drawn, users, traffic, prices) is refused. Where one reads prompts, traces whose prompt was cut are left
/// out for all, and counted: the figures are then those of requests of no more than <see cref="RoutingTraceLogOptions.MaxPromptLength"/>.
/// </remarks>
public static class PolicyEvaluator
{
    /// <summary>Replays policies.</summary>
    /// <param name="traces">The log; see <see cref="RoutingTraceLog"/> and <see cref="RoutingTraceFile"/>.</param>
    /// <param name="policies">The policies; at least one.</param>
    /// <param name="options">The settings.</param>
    /// <returns>Quality and cost of each with their intervals, and those of their differences.</returns>
    /// <exception cref="ReplayRefusedException">
    /// The log cannot tell: it has no propensities, or those of a policy that never chose what another would; it has outcomes of several sources or
    /// none; or a policy reads what was not recorded, or fails.
    /// </exception>
    /// <exception cref="ArgumentException">There is no policy, or a trace contradicts itself.</exception>
    public static ReplayReport Replay(IEnumerable<RoutingTrace> traces, IReadOnlyList<RoutingPolicy> policies, ReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(traces);
        ArgumentNullException.ThrowIfNull(policies);
        options ??= new();
        if (policies.Count == 0)
            throw new ArgumentException("There is no policy. Give those to compare.", nameof(policies));
        if (!(options.Confidence is > 0 and < 1))
            throw new ArgumentException($"The confidence '{options.Confidence}' is not between 0 and 1. Set ReplayOptions.Confidence to one such as 0.95.", nameof(options));
        var log = ReplayLog.Of(traces, options.Source).For(policies);
        ReplayedChoices[] choices = [.. policies.Distinct().Select(policy => new ReplayedChoices(policy, log.Rows))];
        if (Array.TrueForAll(choices, choice => IsPaired(choice, log.Rows)))
            return new(log, choices, ReplayEstimator.Paired, options.Confidence);
        if (options.OneSided is not (ReplayEstimator.SelfNormalized or ReplayEstimator.DoublyRobust))
            throw new ReplayRefusedException("Some traces do not know the outcome of the model that a policy chooses. Set ReplayOptions.OneSided to an estimator that needs no more than propensities, or score shadow answers.");
        foreach (var choice in choices)
            ReplayOverlap.Check(choice, log.Rows);
        return new(log, choices, options.OneSided, options.Confidence);
    }

    private static bool IsPaired(ReplayedChoices choices, ReplayRow[] rows) =>
        !rows.Where((row, index) => choices.ModelsOf(index).Any(model => row.ScoreOf(model) is null)).Any();
}
