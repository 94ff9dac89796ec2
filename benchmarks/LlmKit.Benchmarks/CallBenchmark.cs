using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks;

/// <summary>What does a call cost before any stage does anything?</summary>
public class CallBenchmark : StageBenchmark
{
    private readonly IChatClient _root = new BareRoot(new InstantChatClient());
    private readonly IChatClient _longRoot = new BareRoot(new InstantChatClient(updates: 200));
    private readonly IChatClient _pipeline = Pipelines.Build();
    private readonly IChatClient _longPipeline = Pipelines.Build(updates: 200);
    private readonly ChatOptions _inside = InsideCall();

    [Benchmark(Description = "open and close a call"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> OpenAndClose() => Ask(_root);

    [Benchmark(Description = "a stage with nothing to do, inside a call"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> IdleStage() => Ask(_root, _inside);

    [Benchmark(Description = "a pipeline without stages: root and metered model"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> EmptyPipeline() => Ask(_pipeline);

    [Benchmark(Description = "open and close a call, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> OpenAndCloseStreamed() => ReadAsync(_root);

    [Benchmark(Description = "open and close a call, 200 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> OpenAndCloseStreamed200() => ReadAsync(_longRoot);

    [Benchmark(Description = "a pipeline without stages, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> EmptyPipelineStreamed() => ReadAsync(_pipeline);

    [Benchmark(Description = "a pipeline without stages, 200 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> EmptyPipelineStreamed200() => ReadAsync(_longPipeline);

    private static ChatOptions InsideCall()
    {
        CallOpener.Open(CallSetup.Alone("bare", time: null, logger: null), Conversation.Options, scope: null, streaming: false, out var inside);
        return inside;
    }
}
