using LlmKit.Models;

namespace LlmKit.Execution.Resilience;

/// <summary>A model's circuit at one moment.</summary>
/// <param name="Model">The registered model's name.</param>
/// <param name="State">How it stands. An open circuit stays open past <paramref name="Until"/> until somebody calls.</param>
/// <param name="Since">When it came to stand so.</param>
/// <param name="Until">When an open circuit lets the first probe through; <see langword="null"/> when it is not open.</param>
/// <param name="Reason">The kind of the failure that opened it; <see langword="null"/> when it is closed.</param>
public sealed record CircuitSnapshot(string Model, CircuitState State, DateTimeOffset Since, DateTimeOffset? Until, ModelFailureKind? Reason)
{
    /// <summary>Gets whether the circuit refuses nothing and only records what it would have refused.</summary>
    public bool IsObserved { get; init; }

    /// <summary>Gets how many attempts have ended well or failed within the sampling window, as far as they say something of the model's health.</summary>
    /// <value>0 or more; 0 for a circuit that is not closed.</value>
    public int RecentAttempts { get; init; }

    /// <summary>Gets how many of <see cref="RecentAttempts"/> failed.</summary>
    public int RecentFailures { get; init; }
}
