using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>The settings of one snapshot, immutable.</summary>
internal sealed class CachePolicy(SemanticCacheOptions options)
{
    public static readonly TimeSpan LongestEmbedding = TimeSpan.FromHours(1);
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(3_650);

    /// <summary>The similarity from which a hit is recorded where nobody has set a threshold: careful for the embedders we know.</summary>
    public const double ObservedSimilarity = 0.95;

    // A tenth, and never so few that a small cache would be of no use to its only user.
    private const int WritersShare = 10;
    private const int LeastEntriesPerWriter = 100;

    public bool Observe { get; } = options.Observe;

    public CacheSharing SharedBy { get; } = options.SharedBy;

    public bool PerFeature { get; } = options.PerFeature;

    public bool MatchNormalised { get; } = options.MatchNormalised;

    public double? MinSimilarity { get; } = options.MinSimilarity;

    public CacheGuards Guards { get; } = options.Guards;

    public string? EmbeddingModel { get; } = options.EmbeddingModel;

    public IEmbeddingGenerator<string, Embedding<float>>? Embedder { get; } = options.Embedder;

    public TimeSpan EmbeddingTimeout { get; } = options.EmbeddingTimeout;

    public bool UseDistributedCache { get; } = options.UseDistributedCache;

    public TimeSpan StoreTimeout { get; } = options.StoreTimeout;

    public TimeSpan TimeToLive { get; } = options.TimeToLive;

    public TimeSpan VolatileTimeToLive { get; } = options.VolatileTimeToLive;

    public int MaxEntries { get; } = options.MaxEntries;

    public long MaxBytes { get; } = options.MaxBytes;

    public int MaxEntriesPerWriter { get; } = options.MaxEntriesPerUser ?? Math.Max(LeastEntriesPerWriter, options.MaxEntries / WritersShare);

    /// <summary>Gets a writer's part of the bytes: the same as of the entries, but a tenth at least.</summary>
    public long MaxBytesPerWriter => Math.Max(MaxBytes / WritersShare, (long)(MaxBytes * Math.Min(1, (double)MaxEntriesPerWriter / MaxEntries)));

    public double MaxTemperature { get; } = options.MaxTemperature;

    public bool StoreToolCalls { get; } = options.StoreToolCalls;

    public bool StoreFallbacks { get; } = options.StoreFallbacks;

    public bool SingleFlight { get; } = options.SingleFlight;

    public double ShadowShare { get; } = options.ShadowShare;

    public IAnswerCheck? AnswerCheck { get; } = options.AnswerCheck;

    public double? MaxWrongHitRate { get; } = options.MaxWrongHitRate;

    /// <summary>Checks and compiles settings; the result is not used when there are failures.</summary>
    public static CachePolicy Compile(SemanticCacheOptions options, List<string> failures)
    {
        SemanticCacheOptionsValidator.Check(options, failures);
        return new(options);
    }
}
