using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>Who is asked after a kind of failure.</summary>
/// <param name="Candidates">The candidates, in order.</param>
/// <param name="Policy">What chooses among them where decisions are recorded.</param>
internal sealed record FallbackList(RouteCandidate[] Candidates, RoutingPolicy Policy);
