using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Execution.Resilience;

/// <summary>What the retrying executor decided about one model.</summary>
/// <remarks>
/// Decisions: <c>retry</c> (after <see cref="Wait"/>), <c>timeout</c> (of <see cref="Limit"/>), <c>circuit-opened</c> (by this call),
/// <c>circuit-open</c> (refused, or only noted when <see cref="CallStep.Observed"/>), <c>give-up</c> (a passing failure that was not
/// tried again). Immutable.
/// </remarks>
/// <param name="Decision">What was decided.</param>
/// <param name="Model">The registered model's name.</param>
/// <param name="Attempt">The number of the attempt on this model that it is about, from 1.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record ResilienceStep(string Decision, string Model, int Attempt, string? Reason = null) : CallStep("resilience", Decision, Reason)
{
    /// <summary>Gets the failure's kind, or <see langword="null"/> when there was none.</summary>
    public ModelFailureKind? Kind { get; init; }

    /// <summary>Gets how long is waited before the retry, or until an open circuit lets a probe through; <see langword="null"/> otherwise.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>Gets the limit that expired; <see langword="null"/> for other decisions.</summary>
    public TimeLimit? Limit { get; init; }

    /// <summary>Gets the length of the limit that expired; <see langword="null"/> for other decisions.</summary>
    public TimeSpan? After { get; init; }

    /// <inheritdoc/>
    public override void AddTags(IList<KeyValuePair<string, object?>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        tags.Add(new("llmkit.model", Model));
        tags.Add(new("llmkit.resilience.attempt", Attempt));
        if (Kind is { } kind)
            tags.Add(new("llmkit.failure.kind", kind.ToString()));
        if (Wait is { } wait)
            tags.Add(new("llmkit.resilience.wait_seconds", wait.TotalSeconds));
        if (Limit is { } limit)
            tags.Add(new("llmkit.resilience.limit", limit.ToString()));
    }
}
