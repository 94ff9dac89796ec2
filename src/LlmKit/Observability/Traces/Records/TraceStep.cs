using System.Collections.Immutable;

namespace LlmKit.Observability.Traces;

/// <summary>What one stage decided, and why.</summary>
/// <param name="Stage">The stage, such as <c>router</c>.</param>
/// <param name="Decision">What was decided, such as <c>fallback</c>.</param>
/// <param name="Reason">Why; <see langword="null"/> when the decision says it all.</param>
public sealed record TraceStep(string Stage, string Decision, string? Reason = null)
{
    /// <summary>Gets when, counted from the start.</summary>
    public TimeSpan At { get; init; }

    /// <summary>Gets whether it was only recorded, because the stage observes and does not enforce.</summary>
    public bool IsObserved { get; init; }

    /// <summary>Gets the stage's own facts, such as a score and its threshold.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = ImmutableDictionary<string, string>.Empty;
}
