using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks;

/// <summary>What do all stages cost together, beside what nobody can do without?</summary>
public class FullStackBenchmark : StageBenchmark
{
    private readonly IChatClient _layers = AwaitingChatClient.Layers(6, new InstantChatClient());
    private readonly IChatClient _pollyRetry = new PollyChatClient(new InstantChatClient(), PollyChatClient.Retry);
    private readonly IChatClient _polly = new PollyChatClient(new InstantChatClient(), PollyChatClient.RetryBreakerTimeout);
    private readonly IChatClient _layersOverPolly =
        AwaitingChatClient.Layers(6, new PollyChatClient(new InstantChatClient(), PollyChatClient.RetryBreakerTimeout));
    private readonly IChatClient _root = new BareRoot(new InstantChatClient());
    private readonly IChatClient _stack = Pipelines.Build(Pipelines.FullStack, models: 2);
    private readonly IChatClient _stackWithCache = Pipelines.Build(Pipelines.FullStackWithCache, models: 2);
    private readonly IChatClient _longStack = Pipelines.Build(Pipelines.FullStack, models: 2, updates: 200);

    [Benchmark(Description = "floor: six awaiting layers"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> SixLayers() => Ask(_layers);

    [Benchmark(Description = "floor: Polly's retry"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> PollyRetry() => Ask(_pollyRetry);

    [Benchmark(Description = "floor: Polly's retry, breaker and timeout"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Polly() => Ask(_polly);

    [Benchmark(Description = "floor: six awaiting layers over Polly's three"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> SixLayersOverPolly() => Ask(_layersOverPolly);

    [Benchmark(Description = "floor: SHA-256 of the roles and texts"), BenchmarkCategory(Plain)]
    public byte[] Sha256() => Floors.Sha256(Conversation.Messages);

    [Benchmark(Description = "floor: a structural copy of the answer"), BenchmarkCategory(Plain)]
    public ChatResponse CopyOfAnswer() => Floors.Copy(Conversation.Answer);

    [Benchmark(Description = "open and close a call"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> OpenAndClose() => Ask(_root);

    [Benchmark(Description = "the full stack, rails and listeners off"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Stack() => Ask(_stack);

    [Benchmark(Description = "the full stack with a cache, which the call bypasses"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> StackBypassingCache() => Ask(_stackWithCache, Conversation.Uncached);

    [Benchmark(Description = "the full stack with a cache, which answers"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> StackHit() => Ask(_stackWithCache);

    [Benchmark(Description = "floor: six awaiting layers, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> SixLayersStreamed() => ReadAsync(_layers);

    [Benchmark(Description = "the full stack, rails and listeners off, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> StackStreamed() => ReadAsync(_stack);

    [Benchmark(Description = "the full stack, rails and listeners off, 200 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> StackStreamed200() => ReadAsync(_longStack);
}
