using LlmKit.Calls;

namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>One decision of a router, with all that it takes to replay it and to learn from it.</summary>
/// <param name="Id">The decision's id: that of the call and the number of the decision in it.</param>
/// <param name="Policy">The name of the policy.</param>
/// <param name="PolicyVersion">The version of its rules.</param>
/// <param name="Model">The model that was chosen.</param>
/// <param name="Reason">Why.</param>
/// <param name="Propensity">The probability with which this model was chosen among the candidates; above 0, at most 1.</param>
/// <param name="Candidates">The names of the models that passed the gates; before them those whose drafts a cascade has put aside, whose answers could have stood.</param>
public sealed record RoutingDecision(string Id, string Policy, string PolicyVersion, string Model, string Reason, double Propensity, IReadOnlyList<string> Candidates)
{
    /// <summary>Gets whether it was made in a call, and not in one that served it.</summary>
    internal bool IsOf(LlmCall call) => Id.Length > call.Id.Length && Id[call.Id.Length] == '.' && Id.StartsWith(call.Id, StringComparison.Ordinal);

    /// <summary>
    /// Gets whether the policy had no say in it: the call asked for the model, it is the next of a list that is declared for a kind of failure, or the policy
    /// failed. Such a decision tells nothing of the policy, and is left out of replays.
    /// </summary>
    public bool IsForced { get; init; }

    /// <summary>Gets the score that the choice was made by; <see langword="null"/> where there is none.</summary>
    public double? Score { get; init; }

    /// <summary>Gets the threshold that the score was held against; <see langword="null"/> where there is none.</summary>
    public double? Threshold { get; init; }
}
