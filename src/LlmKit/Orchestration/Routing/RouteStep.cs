using LlmKit.Calls;
using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing;

/// <summary>What a router decided: which model, and why not another.</summary>
/// <param name="Decision"><c>chosen</c>, <c>skipped</c>, <c>fallback</c>, <c>accepted</c>, <c>escalated</c>, <c>hedged</c> (asked beside a slow one), <c>hedge-won</c> or <c>hedge-lost</c>.</param>
/// <param name="Model">The registered model.</param>
/// <param name="Reason">Why.</param>
public sealed record RouteStep(string Decision, string Model, string? Reason) : CallStep("router", Decision, Reason)
{
    /// <summary>Gets the policy's decision; <see langword="null"/> where no policy was asked.</summary>
    public RoutingDecision? Routing { get; init; }

    /// <inheritdoc/>
    public override void AddTags(IList<KeyValuePair<string, object?>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        tags.Add(new("llmkit.model", Model));
        if (Routing is not { } decision)
            return;
        tags.Add(new("llmkit.routing.policy", decision.Policy));
        tags.Add(new("llmkit.routing.policy.version", decision.PolicyVersion));
        tags.Add(new("llmkit.routing.propensity", decision.Propensity));
        if (decision.Score is { } score)
            tags.Add(new("llmkit.routing.score", score));
        if (decision.Threshold is { } threshold)
            tags.Add(new("llmkit.routing.threshold", threshold));
    }
}
