using BenchmarkDotNet.Attributes;
using LlmKit.Control.Caching;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Control;

/// <summary>What does it cost to compare a question with a candidate that the guards let pass, and to read it beforehand?</summary>
public class GuardBenchmark : StageBenchmark
{
    private const string Asked = "How can a customer in Lyon change the delivery address of parcel 4711 today?";
    private const string Stored = "How could a customer in Lyon still change the delivery address of parcel 4711 today?";

    private static readonly string[] Question = [Asked];

    private readonly TextFacets _asked = TextFacets.Of(Asked);
    private readonly TextFacets _stored = TextFacets.Of(Stored);
    private readonly LexicalEmbeddingGenerator _lexical = new();

    [GlobalSetup]
    public void Check()
    {
        if (GuardSet.Veto(_asked, _stored, CacheGuards.Strict, wordOrderMatters: true) is { } veto)
            throw new InvalidOperationException($"The guard '{veto}' forbids the candidate, so the rows would measure less than all guards.");
    }

    [Benchmark(Description = "a candidate through the balanced guards"), BenchmarkCategory(Plain)]
    public bool Balanced() => GuardSet.Veto(_asked, _stored, CacheGuards.Balanced) is null;

    [Benchmark(Description = "a candidate through the strict guards"), BenchmarkCategory(Plain)]
    public bool Strict() => GuardSet.Veto(_asked, _stored, CacheGuards.Strict) is null;

    [Benchmark(Description = "a candidate through the strict guards and the one on order"), BenchmarkCategory(Plain)]
    public bool StrictInOrder() => GuardSet.Veto(_asked, _stored, CacheGuards.Strict, wordOrderMatters: true) is null;

    [Benchmark(Description = "reading the facets of a question of 13 words"), BenchmarkCategory(Plain)]
    public long Read() => TextFacets.Of(Asked).Size;

    [Benchmark(Description = "embedding it by its wording, 1,024 dimensions"), BenchmarkCategory(Plain)]
    public Task<GeneratedEmbeddings<Embedding<float>>> Lexical() => _lexical.GenerateAsync(Question);
}
