namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>Each candidate in turn.</summary>
internal sealed class RoundRobinPolicy : RoutingPolicy
{
    private uint _turn = uint.MaxValue;

    public override string Name => "round-robin";

    public override RoutingChoice Choose(RoutingRequest context) =>
        new(context.Candidates[(int)(Interlocked.Increment(ref _turn) % (uint)context.Candidates.Count)].Name) { Propensity = 1.0 / context.Candidates.Count };

    public override double PropensityOf(string model, RoutingRequest context) => context.Find(model) is null ? 0 : 1.0 / context.Candidates.Count;
}
