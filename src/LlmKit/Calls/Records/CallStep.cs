namespace LlmKit.Calls;

/// <summary>What one stage decided in a call, and why.</summary>
/// <remarks>Immutable. Stages derive records that add their own typed facts. A step names rules, models and numbers, never a text of the conversation.</remarks>
/// <param name="Stage">The stage, such as <c>router</c>, <c>budget</c>, <c>cache</c>, <c>guardrails</c> or <c>resilience</c>.</param>
/// <param name="Decision">What was decided, a short stable word such as <c>hit</c>, <c>retry</c>, <c>fallback</c> or <c>blocked</c>.</param>
/// <param name="Reason">Why, for a person; <see langword="null"/> when the decision says it all.</param>
public record CallStep(string Stage, string Decision, string? Reason = null)
{
    /// <summary>Gets when the decision was made, counted from the start of the call.</summary>
    public TimeSpan At { get; internal set; }

    /// <summary>Gets whether the decision was only recorded, because the stage observes and does not enforce.</summary>
    public bool Observed { get; init; }

    /// <summary>Adds this step's own facts as telemetry tags (never texts of the conversation).</summary>
    /// <param name="tags">The list to add to.</param>
    public virtual void AddTags(IList<KeyValuePair<string, object?>> tags)
    {
    }

    /// <summary>Gives the verdict that this step holds, which tracing tells as an evaluation of the call's chat.</summary>
    /// <returns>The verdict; <see langword="null"/> for a step that judges nothing.</returns>
    public virtual StepVerdict? GetVerdict() => null;
}
