namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>One policy where a condition holds, another elsewhere.</summary>
internal sealed class ConditionalPolicy(Func<RoutingRequest, bool> condition, RoutingPolicy then, RoutingPolicy otherwise) : RoutingPolicy
{
    public override string Name => $"when({then.Name},{otherwise.Name})";

    public override string Version => $"{then.Version},{otherwise.Version}";

    public override RoutingChoice Choose(RoutingRequest context) => Chosen(context).Choose(context);

    public override double PropensityOf(string model, RoutingRequest context) => Chosen(context).PropensityOf(model, context);

    private RoutingPolicy Chosen(RoutingRequest context) => condition(context) ? then : otherwise;
}
