namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>Gives each key its model by weight, and the same one each time.</summary>
/// <remarks>
/// Weighted rendezvous hashing (Schindelhauer and Schomaker, 2005): each model bids −ln(u) / weight with a number u of the key and itself, and the
/// least bid wins. Raising a weight lowers this model's bids alone, so that keys come to it and none goes elsewhere. A model's propensity is its
/// share over all keys, which is its weight's: the key is as good as a draw.
/// </remarks>
internal sealed class StickyPolicy(IReadOnlyDictionary<string, double> weights, Func<RoutingRequest, string?> key) : RoutingPolicy
{
    public override string Name => "sticky";

    public override string Version { get; } = $"1:{RuleHash.Of(weights)}";

    public override RoutingChoice Choose(RoutingRequest context)
    {
        if (key(context) is not { Length: > 0 } of)
            return new(context.Candidates[0].Name, "default");
        var (best, least) = ("", double.PositiveInfinity);
        for (var i = 0; i < context.Candidates.Count; i++)
        {
            var name = context.Candidates[i].Name;
            if (weights.GetValueOrDefault(name) is > 0 and var weight && -Math.Log(Uniform(of, name)) / weight is var bid && bid < least)
                (best, least) = (name, bid);
        }

        return best.Length > 0 ? new(best) { Propensity = weights[best] / Total(context) } : new(context.Candidates[0].Name, "default");
    }

    public override double PropensityOf(string model, RoutingRequest context)
    {
        if (key(context) is not { Length: > 0 } || Total(context) is not (> 0 and var total))
            return context.Candidates[0].Name == model ? 1 : 0;
        return context.Find(model) is null ? 0 : weights.GetValueOrDefault(model) / total;
    }

    private double Total(RoutingRequest context)
    {
        var total = 0.0;
        for (var i = 0; i < context.Candidates.Count; i++)
            total += weights.GetValueOrDefault(context.Candidates[i].Name);
        return total;
    }

    /// <summary>A number above 0 and at most 1 that looks drawn and is always the same: FNV-1a over both names, finished as SplitMix64 does.</summary>
    private static double Uniform(string key, string model)
    {
        var hash = Mix(Mix(14_695_981_039_346_656_037, key) ^ '/', model);
        unchecked
        {
            hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
            hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
            hash ^= hash >> 31;
        }

        return ((hash >> 11) + 1) * (1.0 / (1UL << 53));
    }

    private static ulong Mix(ulong hash, string text)
    {
        foreach (var c in text)
            hash = unchecked((hash ^ c) * 1_099_511_628_211);
        return hash;
    }
}
