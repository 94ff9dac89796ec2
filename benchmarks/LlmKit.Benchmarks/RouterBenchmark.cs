using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks;

/// <summary>What does it cost to choose a model?</summary>
public class RouterBenchmark : StageBenchmark
{
    private readonly IChatClient _priority = Pipelines.Build(static pipeline => pipeline.UseRouter(), models: 2);
    private readonly IChatClient _longPriority = Pipelines.Build(static pipeline => pipeline.UseRouter(), models: 2, updates: 200);
    private readonly IChatClient _weighted = Pipelines.Build(
        static pipeline => pipeline.UseRouter(router => router.Weighted((Pipelines.Model, 0.9), (Pipelines.OtherModel, 0.1))), models: 2);
    private readonly IChatClient _policy = Pipelines.Build(
        static pipeline => pipeline.UseRouter(router => router.Use(RoutingPolicies.Weighted((Pipelines.Model, 0.9), (Pipelines.OtherModel, 0.1)))), models: 2);
    private readonly IChatClient _composed = Pipelines.Build(
        static pipeline => pipeline.UseRouter(router => router.Use(
            RoutingPolicies.When(static request => request.Tenant == "other", RoutingPolicies.Pin(Pipelines.OtherModel), RoutingPolicies.RoundRobin()).Exploring())), models: 2);
    private readonly IChatClient _cascade = Pipelines.Build(
        static pipeline => pipeline.UseRouter(router => router.Cascade(Pipelines.Model, Pipelines.OtherModel)), models: 2);

    [Benchmark(Description = "by priority, the first of two models answers"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Priority() => Ask(_priority);

    [Benchmark(Description = "by weight, two models"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Weighted() => Ask(_weighted);

    [Benchmark(Description = "by a policy of weights, with its decision on record"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Policy() => Ask(_policy);

    [Benchmark(Description = "by policies composed of others, with the decision on record"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> ComposedPolicy() => Ask(_composed);

    [Benchmark(Description = "a cascade whose first draft is accepted"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Cascade() => Ask(_cascade);

    [Benchmark(Description = "by priority, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> PriorityStreamed() => ReadAsync(_priority);

    [Benchmark(Description = "by priority, 200 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> PriorityStreamed200() => ReadAsync(_longPriority);
}
