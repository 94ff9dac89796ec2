using BenchmarkDotNet.Attributes;
using LlmKit.Orchestration.Routing.Learning;

namespace LlmKit.Benchmarks.Routing;

/// <summary>How long does a policy take to learn?</summary>
/// <remarks>Few iterations: each is a whole fit.</remarks>
[WarmupCount(1)]
[IterationCount(4)]
public class LearningBenchmark : StageBenchmark
{
    private const int Examples = 7_000;
    private const int PromptLength = 300;

    private readonly RoutingExample[] _examples = new RoutingPrompts().Examples(Examples, PromptLength);

    [Benchmark(Description = "fit on 7,000 prompts of 300 characters with the scores of both models"), BenchmarkCategory(Plain)]
    public GainModel Fit() => GainModel.FitPrompts(_examples);
}
