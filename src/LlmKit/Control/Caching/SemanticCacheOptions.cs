using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>The settings of the semantic cache.</summary>
/// <remarks>
/// Change them only while the pipeline is being configured. Bound from <c>LlmKit:&lt;pipeline&gt;:SemanticCache</c>; configuration wins over
/// code. Entries that are stored already keep the time to live they were stored with.
/// </remarks>
public sealed class SemanticCacheOptions
{
    /// <summary>Gets or sets whether the cache only observes: it looks up, records and stores, and every call still goes to a model.</summary>
    /// <value><see langword="false"/> by default. The embeddings of an observing cache are made, waited for and paid for.</value>
    public bool Observe { get; set; }

    /// <summary>Gets or sets who may be served an answer that the cache holds.</summary>
    /// <value><see cref="CacheSharing.User"/> by default.</value>
    public CacheSharing SharedBy { get; set; }

    /// <summary>Gets or sets whether each feature (call site) has its own answers.</summary>
    /// <value><see langword="false"/> by default.</value>
    public bool PerFeature { get; set; }

    /// <summary>Gets or sets the least cosine similarity at which an answer to another wording may be served.</summary>
    /// <value>
    /// 0 to 1; <see langword="null"/> by default: nobody has said what this embedder's similarities mean, so similar requests are only recorded
    /// and none is served. There is no number for all models: with text-embedding-3-small 0.95 is careful, other models place unrelated texts above 0.9.
    /// </value>
    public double? MinSimilarity { get; set; }

    /// <summary>Gets or sets what must agree beside the embeddings.</summary>
    /// <value><see cref="CacheGuards.Balanced"/> by default.</value>
    public CacheGuards Guards { get; set; }

    /// <summary>Gets or sets the name of the registered embedding model.</summary>
    /// <value><see langword="null"/> by default: the pipeline's first, else the application's own, else none and only equal requests hit.</value>
    public string? EmbeddingModel { get; set; }

    /// <summary>Gets or sets an embedding generator to use in place of a registered one. It is not disposed of; it is metered, and held to limits on money, at the catalogue's price.</summary>
    /// <value><see langword="null"/> by default. Code only; not read from configuration.</value>
    public IEmbeddingGenerator<string, Embedding<float>>? Embedder { get; set; }

    /// <summary>Gets or sets how long a call waits for an embedding before it goes on without.</summary>
    /// <value>Above zero; 2 seconds by default.</value>
    public TimeSpan EmbeddingTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how long an answer is served after it was stored.</summary>
    /// <value>Above zero; 1 hour by default. Each answer gets up to 10 % more or less, so that answers stored together do not expire together.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets the most answers held.</summary>
    /// <value>Above 0; 10,000 by default. Those not used for long go first.</value>
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>Gets or sets the most memory held, in bytes, estimated from the texts and vectors.</summary>
    /// <value>Above 0; 268,435,456 (256 MiB) by default.</value>
    public long MaxBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Gets or sets the highest temperature of a call that the cache takes part in: above it variety is wanted.</summary>
    /// <value>0 or more; 1 by default. A call that sets no temperature takes part.</value>
    public double MaxTemperature { get; set; } = 1;

    /// <summary>Gets or sets whether answers that call tools are stored.</summary>
    /// <value><see langword="false"/> by default: a stored tool call would be carried out again.</value>
    public bool StoreToolCalls { get; set; }

    /// <summary>Gets or sets whether answers of a model other than the first choice are stored.</summary>
    /// <value><see langword="false"/> by default: they would outlive the outage that caused them.</value>
    public bool StoreFallbacks { get; set; }
}
