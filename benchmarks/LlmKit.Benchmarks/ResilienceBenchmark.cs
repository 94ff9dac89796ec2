using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks;

/// <summary>What do retries, time limits and a circuit breaker cost a call that goes well?</summary>
public class ResilienceBenchmark : StageBenchmark
{
    private readonly IChatClient _client = Pipelines.Build(static pipeline => pipeline.UseResilience());
    private readonly IChatClient _longClient = Pipelines.Build(static pipeline => pipeline.UseResilience(), updates: 200);
    private readonly LateChatClient _lateModel = new();
    private readonly LateChatClient _longLateModel = new(updates: 200);
    private readonly LateChatClient _barelyLateModel = new();
    private readonly LateChatClient _barelyLongLateModel = new(updates: 200);
    private readonly IChatClient _late;
    private readonly IChatClient _longLate;
    private readonly IChatClient _barelyLate;
    private readonly IChatClient _barelyLongLate;
    private readonly IChatClient _empty = Pipelines.Build();
    private readonly IChatClient _polly = new PollyChatClient(new InstantChatClient(), PollyChatClient.RetryBreakerTimeout);

    public ResilienceBenchmark()
    {
        _late = Pipelines.Build(_lateModel, static pipeline => pipeline.UseResilience());
        _longLate = Pipelines.Build(_longLateModel, static pipeline => pipeline.UseResilience());
        _barelyLate = Pipelines.Build(_barelyLateModel);
        _barelyLongLate = Pipelines.Build(_barelyLongLateModel);
    }

    [Benchmark(Description = "floor: a pipeline without stages"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> NoStage() => Ask(_empty);

    [Benchmark(Description = "floor: Polly's retry, breaker and timeout"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Polly() => Ask(_polly);

    [Benchmark(Description = "the first attempt is good"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> FirstIsGood() => Ask(_client);

    [Benchmark(Description = "the first attempt is good, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> FirstIsGoodStreamed() => ReadAsync(_client);

    [Benchmark(Description = "floor: no stage, 100 updates that come later"), BenchmarkCategory(Streamed)]
    public ValueTask<int> NoStageLateStreamed() => ReadLateAsync(_barelyLate, _barelyLateModel);

    [Benchmark(Description = "floor: no stage, 200 updates that come later"), BenchmarkCategory(Streamed)]
    public ValueTask<int> NoStageLateStreamed200() => ReadLateAsync(_barelyLongLate, _barelyLongLateModel);

    [Benchmark(Description = "100 updates that come later"), BenchmarkCategory(Streamed)]
    public ValueTask<int> LateStreamed() => ReadLateAsync(_late, _lateModel);

    [Benchmark(Description = "200 updates that come later"), BenchmarkCategory(Streamed)]
    public ValueTask<int> LateStreamed200() => ReadLateAsync(_longLate, _longLateModel);

    [Benchmark(Description = "the first attempt is good, 200 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> FirstIsGoodStreamed200() => ReadAsync(_longClient);
}
