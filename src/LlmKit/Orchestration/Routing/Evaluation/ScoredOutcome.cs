namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>One request that both models answered, as a policy scored it.</summary>
/// <param name="Score">The policy's score; the higher, the rather the strong model is asked.</param>
/// <param name="Weak">How good the weak model's answer was, from 0 to 1.</param>
/// <param name="Strong">How good the strong model's answer was, from 0 to 1.</param>
public readonly record struct ScoredOutcome(double Score, double Weak, double Strong)
{
    /// <summary>Gets what the request costs when the weak model answers it, in any unit.</summary>
    /// <value>0 by default.</value>
    public double WeakCost { get; init; }

    /// <summary>Gets what the request costs when the strong model answers it; in a cascade this includes the draft.</summary>
    /// <value>1 by default, so that the mean cost is the share of the strong model.</value>
    public double StrongCost { get; init; } = 1;
}
