using LlmKit.Models;

namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>The next of the models that are declared for a kind of failure.</summary>
internal sealed class FallbackPolicy(ModelFailureKind kind, IEnumerable<string> models) : RoutingPolicy
{
    public override string Name => "fallback";

    public override string Version { get; } = $"1:{RuleHash.Of([kind.ToString(), .. models])}";

    public override RoutingChoice Choose(RoutingRequest context) => new(context.Candidates[0].Name, $"declared for {kind}") { IsForced = true };
}
