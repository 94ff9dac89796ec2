namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>Refuses logs that cannot tell: what was never tried has no outcome, and no method gives it one.</summary>
internal static class ReplayOverlap
{
    private const double Certain = 1 - 1e-9;
    private const string Remedy = "Log with a policy that explores, such as RoutingPolicies.Exploring(0.05), or score shadow answers of the other models.";

    /// <exception cref="ReplayRefusedException">The log has no propensities, or none where the policy would have chosen otherwise.</exception>
    public static void Check(ReplayedChoices choices, ReplayRow[] rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Propensity is not (> 0 and <= 1))
                throw new ReplayRefusedException($"A trace has no propensity above 0 and at most 1, so nobody can say what another policy would have reached. {Remedy}");
            if (rows[i].Propensity >= Certain && choices.ShareOf(i, rows[i].Model) < Certain)
                throw new ReplayRefusedException($"The policy '{choices.Policy.Name}' chooses otherwise where the log had no choice: a propensity of 1 means that the other models could never have been chosen. {Remedy}");
        }

        if (Untried(choices, rows, [.. Enumerable.Range(0, rows.Length)]) is { } never)
            throw new ReplayRefusedException($"The policy '{choices.Policy.Name}' chooses the model '{never}', of which the log has no scored answer. {Remedy}");
        if (choices.Weights.Sum() == 0)
            throw new ReplayRefusedException($"The policy '{choices.Policy.Name}' never chooses what was chosen, so no trace tells about it. {Remedy}");
    }

    /// <summary>Gets whether each model that the policy chooses for some traces has a scored answer among them.</summary>
    public static bool IsTried(ReplayedChoices choices, ReplayRow[] rows, int[] traces) => Untried(choices, rows, traces) is null;

    private static string? Untried(ReplayedChoices choices, ReplayRow[] rows, int[] traces)
    {
        var tried = traces.Select(trace => rows[trace].Model).ToHashSet(StringComparer.Ordinal);
        return choices.Shares(traces).FirstOrDefault(share => share.Value > 0 && !tried.Contains(share.Key)).Key;
    }
}
