using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Control;

/// <summary>What does it cost to hold a call to limits on money?</summary>
public class BudgetBenchmark : StageBenchmark
{
    private readonly IChatClient _perCall = Pipelines.Build(pipeline => pipeline.UseBudget(budget => budget.PerCall("call", 1m)));
    private readonly IChatClient _twoLimits = Pipelines.Build(Pipelines.Budgets);
    private readonly IChatClient _longTwoLimits = Pipelines.Build(Pipelines.Budgets, updates: 200);

    [Benchmark(Description = "a limit for each call"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> PerCall() => Ask(_perCall);

    [Benchmark(Description = "a daily limit for each tenant and a monthly one for all"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> TwoLimits() => Ask(_twoLimits);

    [Benchmark(Description = "both limits, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> TwoLimitsStreamed() => ReadAsync(_twoLimits);

    [Benchmark(Description = "both limits, 200 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> TwoLimitsStreamed200() => ReadAsync(_longTwoLimits);
}
