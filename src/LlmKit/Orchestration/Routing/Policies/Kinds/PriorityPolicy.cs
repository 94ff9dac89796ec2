namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>The first of its models that is a candidate.</summary>
internal sealed class PriorityPolicy(string[] models) : RoutingPolicy
{
    public override string Name => "priority";

    public override string Version { get; } = $"1:{RuleHash.Of(models)}";

    public override RoutingChoice Choose(RoutingRequest context)
    {
        foreach (var model in models)
        {
            if (context.Find(model) is not null)
                return new(model);
        }

        return new(context.Candidates[0].Name, "default");
    }
}
