namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>The candidate with the least of something; of several the first. One of which it is not known comes last.</summary>
/// <param name="name">The policy's name.</param>
/// <param name="of">Gives the measure, or nothing where it is not known.</param>
/// <param name="explored">The share of requests that go to candidates of which it is not known, as long as there are any.</param>
internal sealed class LeastPolicy(string name, Func<RoutingRequest, ModelCandidate, double?> of, double explored = 0) : RoutingPolicy
{
    public override string Name => name;

    public override RoutingChoice Choose(RoutingRequest context)
    {
        var (best, least, unknown) = Look(context);
        if (best is null)
            return new(context.Candidates[0].Name, "default");
        if (unknown is not null && context.Chance < explored)
            return new(unknown, "explore") { Propensity = explored };
        return new(best) { Score = least, Propensity = unknown is null ? 1 : 1 - explored };
    }

    public override double PropensityOf(string model, RoutingRequest context)
    {
        var (best, _, unknown) = Look(context);
        if (best is null)
            return context.Candidates[0].Name == model ? 1 : 0;
        if (unknown is null)
            return best == model ? 1 : 0;
        return model == best ? 1 - explored : model == unknown ? explored : 0;
    }

    private (string? Best, double Least, string? Unknown) Look(RoutingRequest context)
    {
        (string? Best, double Least, string? Unknown) found = (null, double.PositiveInfinity, null);
        for (var i = 0; i < context.Candidates.Count; i++)
        {
            var candidate = context.Candidates[i];
            if (of(context, candidate) is not { } measure)
                found.Unknown ??= candidate.Name;
            else if (measure < found.Least)
                (found.Best, found.Least) = (candidate.Name, measure);
        }

        return found;
    }
}
