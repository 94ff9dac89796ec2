namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>Each candidate in turn. Where only one is left, it is nobody's turn: a fallback would else put the model that is down first again and again.</summary>
internal sealed class RoundRobinPolicy : RoutingPolicy
{
    private uint _turn = uint.MaxValue;

    public override string Name => "round-robin";

    public override RoutingChoice Choose(RoutingRequest context)
    {
        var count = context.Candidates.Count;
        return count == 1
            ? new(context.Candidates[0].Name)
            : new(context.Candidates[(int)(Interlocked.Increment(ref _turn) % (uint)count)].Name) { Propensity = 1.0 / count };
    }

    public override double PropensityOf(string model, RoutingRequest context) => context.Find(model) is null ? 0 : 1.0 / context.Candidates.Count;
}
