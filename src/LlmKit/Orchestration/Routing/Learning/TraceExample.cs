using LlmKit.Orchestration.Routing.Evaluation.Traces;

namespace LlmKit.Orchestration.Routing.Learning;

/// <summary>What a trace teaches.</summary>
internal static class TraceExample
{
    private const double Certain = 1 - 1e-9;

    /// <summary>Gives the example, or <see langword="null"/> where the trace teaches nothing about either model.</summary>
    public static RoutingExample? Of(RoutingTrace trace, string weak, string strong)
    {
        if (trace is not { Prompt: { } prompt, IsPromptCut: false, IsAnswer: true, Outcome: not null })
            return null;
        var example = new RoutingExample(prompt) { CallSite = trace.Feature, Weak = ScoreOf(trace, weak), Strong = ScoreOf(trace, strong) };
        if (example is { Weak: not null, Strong: not null })
            return example;
        return (example.Weak ?? example.Strong) is not null && trace.Propensity is > 0 and < Certain and var propensity ? example with { Propensity = propensity } : null;
    }

    private static double? ScoreOf(RoutingTrace trace, string model) => trace.Model == model ? trace.Outcome!.Score : trace.Shadows?.GetValueOrDefault(model)?.Score;
}
