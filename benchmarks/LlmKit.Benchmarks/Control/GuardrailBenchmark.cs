using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Control;

/// <summary>What does it cost to read a request of 1 kB and an answer of as much, where there is nothing to find and where there is?</summary>
public class GuardrailBenchmark : StageBenchmark
{
    private readonly IChatClient _terms = Pipelines.Build(static pipeline => pipeline.UseGuardrails(rails => rails.DenyTerms("competitor", "lawsuit")));
    private readonly IChatClient _data = Pipelines.Build(static pipeline => pipeline.UseGuardrails(rails => rails.RedactPersonalData().RedactSecrets()));
    private readonly IChatClient _injection = Pipelines.Build(static pipeline => pipeline.UseGuardrails(rails => rails.BlockPromptInjection()));
    private readonly IChatClient _all = Pipelines.Build(AllRails);
    private readonly IChatClient _allLong = Pipelines.Build(AllRails, updates: 200);

    [Benchmark(Description = "two denied terms"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Terms() => Ask(_terms);

    [Benchmark(Description = "personal data and secrets"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> PersonalData() => Ask(_data);

    [Benchmark(Description = "personal data and secrets, three in the request"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> PersonalDataFound() => _data.GetResponseAsync(Conversation.Personal, Conversation.Options);

    [Benchmark(Description = "prompt injection, request only"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Injection() => Ask(_injection);

    [Benchmark(Description = "all of them"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> All() => Ask(_all);

    [Benchmark(Description = "all of them, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> AllStreamed() => ReadAsync(_all);

    [Benchmark(Description = "all of them, 200 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> AllStreamed200() => ReadAsync(_allLong);

    private static void AllRails(LlmPipelineBuilder pipeline) =>
        pipeline.UseGuardrails(rails => rails.RedactPersonalData().RedactSecrets().BlockPromptInjection().DenyTerms("competitor", "lawsuit"));
}
