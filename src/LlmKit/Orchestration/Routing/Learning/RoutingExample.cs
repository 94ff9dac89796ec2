namespace LlmKit.Orchestration.Routing.Learning;

/// <summary>What is known of one request: how well the weak model answered it, how well the strong one, or only one of the two.</summary>
/// <param name="Prompt">The prompt that the decision is made from, such as the last message of the user.</param>
public sealed record RoutingExample(string Prompt)
{
    /// <summary>Gets the call site (feature).</summary>
    /// <value><see langword="null"/> by default: not known, or there is but one.</value>
    public string? CallSite { get; init; }

    /// <summary>Gets the weak model's answer, from which a cascade's verifier learns.</summary>
    /// <value><see langword="null"/> by default.</value>
    public string? Draft { get; init; }

    /// <summary>Gets how good the weak model's answer was.</summary>
    /// <value>From 0, wrong, to 1, right; <see langword="null"/>, the default, if nobody knows: that is not 0.</value>
    public double? Weak { get; init; }

    /// <summary>Gets how good the strong model's answer was.</summary>
    /// <value>From 0, wrong, to 1, right; <see langword="null"/>, the default, if nobody knows.</value>
    public double? Strong { get; init; }

    /// <summary>Gets the probability with which the model that answered had been chosen, where only one answered.</summary>
    /// <value>Above 0, at most 1; 1 by default, as where both were asked. An example counts by its inverse, 20 times at most.</value>
    public double Propensity { get; init; } = 1;
}
