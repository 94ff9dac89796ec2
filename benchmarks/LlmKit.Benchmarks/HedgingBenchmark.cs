using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks;

/// <summary>What does a second attempt cost that stands ready and is not made?</summary>
public class HedgingBenchmark : StageBenchmark
{
    private readonly LateChatClient _lateModel = new();
    private readonly LateChatClient _hedgedModel = new();
    private readonly LateChatClient _percentileModel = new();
    private readonly IChatClient _instant = Pipelines.Build(static pipeline => pipeline.UseHedging());
    private readonly IChatClient _late;
    private readonly IChatClient _hedged;
    private readonly IChatClient _percentile;

    public HedgingBenchmark()
    {
        _late = Pipelines.Build(_lateModel);
        _hedged = Pipelines.Build(_hedgedModel, static pipeline => pipeline.UseHedging());
        _percentile = Pipelines.Build(_percentileModel, static pipeline => pipeline.UseHedging(options => options.Percentile = 0.95));
    }

    [Benchmark(Description = "floor: no stage, an answer that comes later"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Late() => AskLate(_late, _lateModel);

    [Benchmark(Description = "an answer that comes later, before the delay"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Armed() => AskLate(_hedged, _hedgedModel);

    [Benchmark(Description = "the same with a percentile for the delay"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> ArmedByPercentile() => AskLate(_percentile, _percentileModel);

    [Benchmark(Description = "an answer that is there at once"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> AtOnce() => Ask(_instant);
}
