using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>The settings of one snapshot, immutable.</summary>
internal sealed class CachePolicy(SemanticCacheOptions options)
{
    public static readonly TimeSpan LongestEmbedding = TimeSpan.FromHours(1);
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(3_650);

    /// <summary>The similarity from which a hit is recorded where nobody has set a threshold: careful for the embedders we know.</summary>
    public const double ObservedSimilarity = 0.95;

    public bool Observe { get; } = options.Observe;

    public CacheSharing SharedBy { get; } = options.SharedBy;

    public bool PerFeature { get; } = options.PerFeature;

    public double? MinSimilarity { get; } = options.MinSimilarity;

    public CacheGuards Guards { get; } = options.Guards;

    public string? EmbeddingModel { get; } = options.EmbeddingModel;

    public IEmbeddingGenerator<string, Embedding<float>>? Embedder { get; } = options.Embedder;

    public TimeSpan EmbeddingTimeout { get; } = options.EmbeddingTimeout;

    public TimeSpan TimeToLive { get; } = options.TimeToLive;

    public int MaxEntries { get; } = options.MaxEntries;

    public long MaxBytes { get; } = options.MaxBytes;

    public double MaxTemperature { get; } = options.MaxTemperature;

    public bool StoreToolCalls { get; } = options.StoreToolCalls;

    public bool StoreFallbacks { get; } = options.StoreFallbacks;

    /// <summary>Checks and compiles settings; the result is not used when there are failures.</summary>
    public static CachePolicy Compile(SemanticCacheOptions options, List<string> failures)
    {
        SemanticCacheOptionsValidator.Check(options, failures);
        return new(options);
    }
}
