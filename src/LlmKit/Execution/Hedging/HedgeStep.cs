using LlmKit.Calls;

namespace LlmKit.Execution.Hedging;

/// <summary>What was decided about a second attempt on one model.</summary>
/// <remarks>
/// Decisions: <c>hedged</c> (a second attempt was started because the first was <c>slow</c> or had <c>failed</c>), <c>hedge-won</c>,
/// <c>hedge-lost</c> (the first attempt answered after all), <c>not-hedged</c> (with the reason). Immutable.
/// </remarks>
/// <param name="Decision">What was decided.</param>
/// <param name="Model">The registered model's name.</param>
/// <param name="Reason">Why.</param>
public sealed record HedgeStep(string Decision, string Model, string? Reason = null) : CallStep("hedging", Decision, Reason)
{
    internal const string Begun = "hedged";
    internal const string Won = "hedge-won";
    internal const string Lost = "hedge-lost";
    internal const string Not = "not-hedged";

    /// <inheritdoc/>
    public override void AddTags(IList<KeyValuePair<string, object?>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        tags.Add(new("llmkit.model", Model));
    }
}
