namespace LlmKit.Execution.Resilience;

/// <summary>The right to make one attempt, to be given back with its result.</summary>
/// <param name="Generation">The circuit's generation when it was given: a result that comes after a change of state is void. 0 is never current.</param>
internal readonly record struct CircuitPermit(long Generation);

/// <summary>What an attempt says about the model's health.</summary>
internal enum CircuitResult
{
    /// <summary>Nothing: refused, cancelled, abandoned, or the caller's own mistake.</summary>
    None = 0,

    Success,

    Failure,
}

/// <summary>A circuit's answer to somebody who wants to make an attempt.</summary>
/// <param name="Permit">The permit, void when refused.</param>
/// <param name="IsRefused">Whether the attempt may not be made.</param>
/// <param name="RetryAfter">When to come back after a refusal.</param>
/// <param name="Changed">The state that asking brought about, if it did.</param>
internal readonly record struct CircuitEntry(CircuitPermit Permit, bool IsRefused, TimeSpan RetryAfter, CircuitState? Changed);
