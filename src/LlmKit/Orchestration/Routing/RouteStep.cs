using LlmKit.Calls;

namespace LlmKit.Orchestration.Routing;

/// <summary>What a router decided: which model, and why not another.</summary>
/// <param name="Decision"><c>chosen</c>, <c>skipped</c>, <c>fallback</c>, <c>accepted</c>, <c>escalated</c>, <c>hedged</c> (asked beside a slow one), <c>hedge-won</c> or <c>hedge-lost</c>.</param>
/// <param name="Model">The registered model.</param>
/// <param name="Reason">Why.</param>
public sealed record RouteStep(string Decision, string Model, string? Reason) : CallStep("router", Decision, Reason)
{
    /// <inheritdoc/>
    public override void AddTags(IList<KeyValuePair<string, object?>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        tags.Add(new("llmkit.model", Model));
    }
}
