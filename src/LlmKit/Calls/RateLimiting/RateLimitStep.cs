namespace LlmKit.Calls;

/// <summary>What a rate limit decided about a call, or about an attempt on a model.</summary>
/// <param name="Decision"><c>waited</c> or <c>refused</c>.</param>
/// <param name="Limit">The limit's name; a model's limits have the model's.</param>
/// <param name="Kind">What was used up.</param>
/// <param name="Model">The registered model; <see langword="null"/> for a limit on callers.</param>
public sealed record RateLimitStep(string Decision, string Limit, RateLimitKind Kind, string? Model) : CallStep("rate-limit", Decision, Kind.ToString())
{
    /// <inheritdoc/>
    public override void AddTags(IList<KeyValuePair<string, object?>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        tags.Add(new("llmkit.rate_limit.name", Limit));
        tags.Add(new("llmkit.rate_limit.kind", Kind.ToString()));
        if (Model is not null)
            tags.Add(new("llmkit.model", Model));
    }
}
