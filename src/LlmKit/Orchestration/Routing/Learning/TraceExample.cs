using LlmKit.Orchestration.Routing.Evaluation.Traces;

namespace LlmKit.Orchestration.Routing.Learning;

/// <summary>What traces teach.</summary>
internal static class TraceExample
{
    private const double Certain = 1 - 1e-9;

    /// <summary>Gives the examples, without traces that teach nothing about either model.</summary>
    /// <exception cref="ArgumentException">They are scored by several sources.</exception>
    public static IEnumerable<RoutingExample> AllOf(IEnumerable<RoutingTrace> traces, string weak, string strong, string? source)
    {
        RoutingTrace[] scored = [.. traces.Where(trace => IsScored(trace) && (source is null || trace.Outcome!.Source == source))];
        return scored.Select(trace => trace.Outcome!.Source).Distinct().Count() > 1
            ? throw new ArgumentException("The outcomes are of several sources, which measure different things. Name one as the source.", nameof(traces))
            : scored.Select(trace => Of(trace, weak, strong)).OfType<RoutingExample>();
    }

    /// <summary>A call that serves another, such as a sample, is scored only where it agreed with the others.</summary>
    private static bool IsScored(RoutingTrace trace) => trace is { Prompt: not null, IsPromptCut: false, IsAnswer: true, Outcome: not null, Purpose: null };

    private static RoutingExample? Of(RoutingTrace trace, string weak, string strong)
    {
        var example = new RoutingExample(trace.Prompt!) { CallSite = trace.Feature, Weak = ScoreOf(trace, weak), Strong = ScoreOf(trace, strong) };
        if (example is { Weak: not null, Strong: not null })
            return example;
        // The propensity is that of the model that was chosen: a shadow beside a third one has none.
        return (trace.Model == weak || trace.Model == strong) && trace.Propensity is > 0 and < Certain and var propensity ? example with { Propensity = propensity } : null;
    }

    private static double? ScoreOf(RoutingTrace trace, string model) => trace.Model == model ? trace.Outcome!.Score : trace.Shadows?.GetValueOrDefault(model)?.Score;
}
