namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>The next model of a cascade: what its drafts are held to is part of its rules.</summary>
internal sealed class CascadePolicy(IEnumerable<string> rules) : RoutingPolicy
{
    public override string Name => "cascade";

    public override string Version { get; } = $"1:{RuleHash.Of(rules)}";

    public override RoutingChoice Choose(RoutingRequest context) => new(context.Candidates[0].Name, context.Candidates.Count > 1 ? "draft" : "final");
}
