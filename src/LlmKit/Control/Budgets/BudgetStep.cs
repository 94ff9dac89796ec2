using LlmKit.Calls;

namespace LlmKit.Control.Budgets;

/// <summary>What a budget decided about an attempt.</summary>
/// <param name="Decision"><c>refused</c>, <c>waited</c> or <c>not-evaluated</c>.</param>
/// <param name="Limit">The limit's name.</param>
/// <param name="Model">The registered model.</param>
/// <param name="Reason">Why.</param>
public sealed record BudgetStep(string Decision, string? Limit, string? Model, string? Reason) : CallStep("budget", Decision, Reason)
{
    /// <inheritdoc/>
    public override void AddTags(IList<KeyValuePair<string, object?>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        tags.Add(new("llmkit.budget.limit", Limit));
        tags.Add(new("llmkit.model", Model));
    }
}
