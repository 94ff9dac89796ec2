namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>The candidate with the least of something; of several the first. One of which it is not known comes last.</summary>
/// <param name="name">The policy's name.</param>
/// <param name="of">Gives the measure; nothing where it is not known, and infinity where it is not known because the model fails.</param>
/// <param name="explored">The share of requests that go to candidates of which it is not known, equally, as long as there are any.</param>
internal sealed class LeastPolicy(string name, Func<RoutingRequest, ModelCandidate, double?> of, double explored = 0) : RoutingPolicy
{
    public override string Name => name;

    public override RoutingChoice Choose(RoutingRequest context)
    {
        var (best, least, unknown, untried) = Look(context);
        if (best is null)
            return new(untried ?? context.Candidates[0].Name, "default");
        if (unknown > 0 && context.Chance < explored)
            return new(Unknown(context, (int)(context.Chance / explored * unknown)), "explore") { Propensity = explored / unknown };
        return new(best) { Score = least, Propensity = unknown == 0 ? 1 : 1 - explored };
    }

    public override double PropensityOf(string model, RoutingRequest context)
    {
        var (best, _, unknown, untried) = Look(context);
        if (best is null)
            return (untried ?? context.Candidates[0].Name) == model ? 1 : 0;
        if (model == best)
            return unknown == 0 ? 1 : 1 - explored;
        return context.Find(model) is { } candidate && !IsKnown(of(context, candidate)) ? explored / unknown : 0;
    }

    private (string? Best, double Least, int Unknown, string? Untried) Look(RoutingRequest context)
    {
        (string? Best, double Least, int Unknown, string? Untried) found = (null, double.PositiveInfinity, 0, null);
        for (var i = 0; i < context.Candidates.Count; i++)
        {
            var candidate = context.Candidates[i];
            var measure = of(context, candidate);
            if (!IsKnown(measure))
                found.Unknown++;
            if (measure is null)
                found.Untried ??= candidate.Name;
            else if (measure < found.Least)
                (found.Best, found.Least) = (candidate.Name, measure.Value);
        }

        return found;
    }

    private string Unknown(RoutingRequest context, int index)
    {
        var last = "";
        for (var i = 0; i < context.Candidates.Count && index >= 0; i++)
        {
            if (IsKnown(of(context, context.Candidates[i])))
                continue;
            last = context.Candidates[i].Name;
            index--;
        }

        // It may be known by now: what happens meanwhile is read as it happens.
        return last.Length > 0 ? last : context.Candidates[0].Name;
    }

    private static bool IsKnown(double? measure) => measure is < double.PositiveInfinity;
}
