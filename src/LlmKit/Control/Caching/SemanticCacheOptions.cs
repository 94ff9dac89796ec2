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

    /// <summary>Gets or sets whether another spelling of the last user text may be served the answer: other case, white space, full width, closing punctuation.</summary>
    /// <value><see langword="false"/> by default. Words in capitals beside others (US, IT), quotations and accents still count; a text with code in it is not compared.</value>
    public bool MatchNormalised { get; set; }

    /// <summary>Gets or sets the least cosine similarity at which an answer to another wording may be served.</summary>
    /// <value>
    /// 0 to 1; <see langword="null"/> by default: the one that the embedder declares (<see cref="DeclaredSimilarity"/>), else none: nobody has said
    /// what this embedder's similarities mean, so similar requests are only recorded and none is served. There is no number for all models, nor for
    /// all traffic: <c>SemanticCacheCalibration</c> finds one for yours.
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

    /// <summary>Gets or sets whether the answers to equal requests are kept in the application's <c>IDistributedCache</c> too, for other instances and later processes.</summary>
    /// <value>
    /// <see langword="false"/> by default. Read when the pipeline is built. Answers leave the process in clear; those to requests from which
    /// guardrails removed something do not. Other spellings and similar wordings are found among the answers that this process has seen. A tagged
    /// answer costs one look-up there for each tag. Two instances that are asked at the same moment both ask a model.
    /// </value>
    public bool UseDistributedCache { get; set; }

    /// <summary>Gets or sets how long a call waits for the distributed cache before it goes on without.</summary>
    /// <value>Above zero and at most 1 minute; 1 second by default.</value>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how long an answer is served after it was stored.</summary>
    /// <value>Above zero; 1 hour by default. Each answer gets up to 10 % more or less, so that answers stored together do not expire together.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Gets or sets how long the answer to a volatile question is served to the user who asked: one about today, now, the latest, the weather.</summary>
    /// <value>Zero or more; 1 minute by default. Zero keeps none. For several users none is kept in any case.</value>
    public TimeSpan VolatileTimeToLive { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets or sets the most answers held.</summary>
    /// <value>Above 0; 10,000 by default. Those not used for long go first.</value>
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>Gets or sets the most answers that one user's calls may hold; beyond it that user's own oldest go.</summary>
    /// <value>
    /// Above 0; <see langword="null"/> by default: a tenth of <see cref="MaxEntries"/>, and 100 at least. The same part of <see cref="MaxBytes"/>, a
    /// tenth at least, is theirs too, but for a single answer that is larger. Where everybody shares, the calls of a
    /// tenant without a user are one user's. Calls that do not say whose they are are not bounded by it.
    /// </value>
    public int? MaxEntriesPerUser { get; set; }

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

    /// <summary>Gets or sets whether equal calls at the same time are one: the later ones get the answer of the first, as it comes.</summary>
    /// <value>
    /// <see langword="true"/> by default. The first call pays; when its caller leaves, the work goes on for the others. A failure is told to all
    /// that wait, but what was refused to the first call, such as by its budget, the others ask for themselves.
    /// </value>
    public bool SingleFlight { get; set; } = true;

    /// <summary>Gets or sets the share of the semantic hits for which the model is asked all the same, to see how many hits are wrong.</summary>
    /// <value>0 to 1; 0 by default. Above 0 it needs an <see cref="AnswerCheck"/>. The caller does not wait; the cost stands on the call under the purpose <c>shadow</c>.</value>
    public double ShadowShare { get; set; }

    /// <summary>Gets or sets what compares a fresh answer with the one that was served, such as <c>AnswerChecks.Judge("small")</c>.</summary>
    /// <value><see langword="null"/> by default. Code only; not read from configuration.</value>
    public IAnswerCheck? AnswerCheck { get; set; }

    /// <summary>Gets or sets the most wrong hits to a semantic hit. When checks show that there are more, the threshold rises, up to where only keys hit.</summary>
    /// <value>
    /// Above 0 and below 1; 0.02 by default. Broken means that the lower end of the one-sided 95 % interval of the last 2,000 checks lies above
    /// it. <see langword="null"/> only measures. What has risen stays so until the pipeline is built anew.
    /// </value>
    public double? MaxWrongHitRate { get; set; } = 0.02;
}
