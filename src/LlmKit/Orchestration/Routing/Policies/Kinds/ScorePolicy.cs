using System.Globalization;

namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>The strong model for requests whose score reaches a threshold, the weak one for the others.</summary>
internal sealed class ScorePolicy(string name, string version, string weak, string strong, double threshold, Func<RoutingRequest, double> score, string reason = "policy") : RoutingPolicy
{
    public override string Name => name;

    public override string Version { get; } = $"{version}:{RuleHash.Of([weak, strong, threshold.ToString("R", CultureInfo.InvariantCulture)])}";

    public override RoutingChoice Choose(RoutingRequest context)
    {
        var of = score(context);
        var wanted = of >= threshold ? strong : weak;
        if (context.Find(wanted) is not null)
            return new(wanted, reason) { Score = of, Threshold = threshold };
        // The other one of the two comes before a third.
        var other = wanted == strong ? weak : strong;
        return new(context.Find(other)?.Name ?? context.Candidates[0].Name, "default") { Score = of, Threshold = threshold };
    }
}
