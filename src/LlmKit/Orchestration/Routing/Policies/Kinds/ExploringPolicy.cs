namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>Another policy's choice, and for a small share of requests any candidate, so that what the other models would have done is known too.</summary>
internal sealed class ExploringPolicy(RoutingPolicy policy, double share) : RoutingPolicy
{
    private readonly string _suffix = FormattableString.Invariant($"+explore@{share}");

    public override string Name => policy.Name;

    public override string Version => policy.Version + _suffix;

    public override RoutingChoice Choose(RoutingRequest context)
    {
        if (context.Chance < share)
        {
            var drawn = context.Candidates[(int)(context.Chance / share * context.Candidates.Count)].Name;
            return new(drawn, "explore") { Propensity = PropensityOf(drawn, context) };
        }

        var choice = policy.Choose(context.WithChance((context.Chance - share) / (1 - share)));
        return choice with { Propensity = Mixed(choice.Propensity, context) };
    }

    public override double PropensityOf(string model, RoutingRequest context) =>
        context.Find(model) is null ? 0 : Mixed(policy.PropensityOf(model, context), context);

    private double Mixed(double own, RoutingRequest context) => (share / context.Candidates.Count) + ((1 - share) * own);
}
