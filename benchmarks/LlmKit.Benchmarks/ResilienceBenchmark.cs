using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks;

/// <summary>What do retries, time limits and a circuit breaker cost a call that goes well?</summary>
public class ResilienceBenchmark : StageBenchmark
{
    private readonly IChatClient _client = Pipelines.Build(static pipeline => pipeline.UseResilience());
    private readonly IChatClient _longClient = Pipelines.Build(static pipeline => pipeline.UseResilience(), updates: 200);
    private readonly IChatClient _polly = new PollyChatClient(new InstantChatClient(), PollyChatClient.RetryBreakerTimeout);

    [Benchmark(Description = "floor: Polly's retry, breaker and timeout"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Polly() => Ask(_polly);

    [Benchmark(Description = "the first attempt is good"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> FirstIsGood() => Ask(_client);

    [Benchmark(Description = "the first attempt is good, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> FirstIsGoodStreamed() => ReadAsync(_client);

    [Benchmark(Description = "the first attempt is good, 200 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> FirstIsGoodStreamed200() => ReadAsync(_longClient);
}
