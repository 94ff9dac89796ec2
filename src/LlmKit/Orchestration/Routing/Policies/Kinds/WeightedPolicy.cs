using System.Collections.Frozen;

namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>Draws by weight among the candidates: what a model that is gone would have had falls to the others in proportion.</summary>
internal sealed class WeightedPolicy(IReadOnlyDictionary<string, double> weights) : RoutingPolicy
{
    // Shares of the greatest: sums of them stay numbers.
    private readonly FrozenDictionary<string, double> _shares = weights.ToFrozenDictionary(pair => pair.Key, pair => pair.Value / weights.Values.Max());

    public override string Name => "weighted";

    public override string Version { get; } = $"1:{RuleHash.Of(weights)}";

    public override RoutingChoice Choose(RoutingRequest context)
    {
        var total = Total(context);
        if (total == 0)
            return new(context.Candidates[0].Name, "default");
        var at = context.Chance * total;
        var last = "";
        for (var i = 0; i < context.Candidates.Count; i++)
        {
            var name = context.Candidates[i].Name;
            if (_shares.GetValueOrDefault(name) is not (> 0 and var weight))
                continue;
            last = name;
            at -= weight;
            if (at < 0)
                break;
        }

        return new(last) { Propensity = _shares[last] / total };
    }

    public override double PropensityOf(string model, RoutingRequest context) =>
        Total(context) is > 0 and var total ? (context.Find(model) is null ? 0 : _shares.GetValueOrDefault(model) / total) : base.PropensityOf(model, context);

    private double Total(RoutingRequest context)
    {
        var total = 0.0;
        for (var i = 0; i < context.Candidates.Count; i++)
            total += _shares.GetValueOrDefault(context.Candidates[i].Name);
        return total;
    }
}
