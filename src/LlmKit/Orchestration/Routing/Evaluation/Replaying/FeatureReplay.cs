namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>What policies would have reached on the requests of one call site.</summary>
/// <param name="Feature">The call site; <see langword="null"/> for requests without one.</param>
/// <param name="Count">How many traces there are of it.</param>
/// <param name="Policies">
/// What each policy reaches there, in the order in which they were given; <see langword="null"/> where the traces are too few to say: they tell no more than
/// <see cref="LeastCount"/> of equal weight would, or a model that the policy chooses there was never tried there.
/// </param>
public sealed record FeatureReplay(string? Feature, int Count, IReadOnlyList<PolicyReplay?> Policies)
{
    /// <summary>How many traces of equal weight it takes to say anything of a call site.</summary>
    public const int LeastCount = 30;
}
