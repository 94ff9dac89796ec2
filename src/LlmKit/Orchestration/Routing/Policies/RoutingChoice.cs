namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>Which model a policy chooses, and why.</summary>
/// <param name="Model">The name of one of the candidates.</param>
/// <param name="Reason">Why, in a word or two: <c>policy</c>, <c>explore</c>, <c>default</c>, <c>by length: 57 of 200 examples</c>; never a text of the conversation.</param>
public readonly record struct RoutingChoice(string Model, string Reason = "policy")
{
    /// <summary>Gets the probability with which the policy chooses this model for such a request.</summary>
    /// <value>1 by default: it always does.</value>
    public double Propensity { get; init; } = 1;

    /// <summary>Gets the score that the choice was made by.</summary>
    /// <value><see langword="null"/> by default: there is none.</value>
    public double? Score { get; init; }

    /// <summary>Gets the threshold that the score was held against.</summary>
    /// <value><see langword="null"/> by default: there is none.</value>
    public double? Threshold { get; init; }

    /// <summary>Gets whether the user's policy had no say in it, see <see cref="RoutingDecision.IsForced"/>.</summary>
    internal bool IsForced { get; init; }
}
