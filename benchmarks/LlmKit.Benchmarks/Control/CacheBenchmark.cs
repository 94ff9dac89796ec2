using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Control;

/// <summary>What does an answer from memory cost, and what does looking for one in vain?</summary>
public class CacheBenchmark : StageBenchmark
{
    private readonly IChatClient _exact = Pipelines.Build(static pipeline => pipeline.UseSemanticCache());
    private readonly IChatClient _small = Pipelines.Build(static pipeline => pipeline.UseSemanticCache(cache => cache.MaxEntries = 1_000));
    private readonly LlmCallOptions _bypassing = new() { Tenant = "acme", User = "u42", Cache = LlmCacheDirectives.Bypass };
    private readonly LlmCallOptions _changing = new() { Tenant = "acme", User = "u42", Seed = 0 };
    private readonly CachePolicy _policy = new(new());
    private readonly CacheRoute _route = new(KeyWriter.KeyOf(["Default", "model"]), []);
    private readonly LlmCall _call = new(CallSetup.Alone("bench", time: null, logger: null), new("acme", "u42", "triage"), isStreaming: false);
    private readonly byte[] _kilobyte = new byte[1_024];
    private readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];
    private IChatClient? _similar;

    [GlobalSetup(Targets = [nameof(Hit), nameof(HitStreamed)])]
    public Task Fill() => Ask(_exact);

    [GlobalSetup(Target = nameof(SimilarAmong1000))]
    public Task Fill1000() => FillAsync(1_000);

    [GlobalSetup(Target = nameof(SimilarAmong10000))]
    public Task Fill10000() => FillAsync(10_000);

    [Benchmark(Description = "a call that bypasses the cache"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Bypass() => Ask(_exact, _bypassing);

    [Benchmark(Description = "the key of a request of 1 kB"), BenchmarkCategory(Plain)]
    public bool Key() => RequestKeys.Exact(Conversation.Messages, Conversation.Options, _call, _policy, _route, out _) != default;

    [Benchmark(Description = "SHA-256 of 1 kB"), BenchmarkCategory(Plain)]
    public int Sha256() => SHA256.HashData(_kilobyte, _hash);

    [Benchmark(Description = "a hit, equal request"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Hit() => Ask(_exact);

    [Benchmark(Description = "a miss, its answer stored and another dropped"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Miss()
    {
        _changing.Seed++;
        return Ask(_small, _changing);
    }

    [Benchmark(Description = "a hit, similar wording among 1,000 (384 dimensions, instant embedder)"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> SimilarAmong1000() => AskSimilar();

    [Benchmark(Description = "a hit, similar wording among 10,000"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> SimilarAmong10000() => AskSimilar();

    [Benchmark(Description = "a hit, replayed in 1 update"), BenchmarkCategory(Streamed)]
    public ValueTask<int> HitStreamed() => ReadAsync(_exact);

    [Benchmark(Description = "a call that bypasses the cache, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> BypassStreamed() => ReadAsync(_exact, _bypassing);

    [Benchmark(Description = "a miss, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> MissStreamed()
    {
        _changing.Seed++;
        return ReadAsync(_small, _changing);
    }

    private async Task FillAsync(int entries)
    {
        _similar = Pipelines.Build(static pipeline => pipeline.UseSemanticCache(cache =>
        {
            cache.Embedder = new HashingEmbedder();
            cache.MinSimilarity = 0.9;
        }));
        for (var i = 1; i < entries; i++)
            await _similar.GetResponseAsync(Questions.Unlike(i), Conversation.Options).ConfigureAwait(false);
        await _similar.GetResponseAsync(Questions.Original, Conversation.Options).ConfigureAwait(false);
        var answer = await AskSimilar().ConfigureAwait(false);
        if (!answer.GetCall().Marks.HasFlag(AnswerMarks.Cached))
            throw new InvalidOperationException("The similar wording did not hit, so the row would measure a miss.");
    }

    private Task<ChatResponse> AskSimilar() => _similar!.GetResponseAsync(Questions.Reworded, Conversation.Options);
}
