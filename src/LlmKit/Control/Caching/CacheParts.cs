using LlmKit.Calls;
using LlmKit.Internal.Flights;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>The parts of one cache, put together.</summary>
internal sealed class CacheParts : IDisposable
{
    public const string NoDistributedCache =
        "The cache is to keep its answers in a distributed cache too, and no IDistributedCache is registered. Register one, such as with AddStackExchangeRedisCache, or set SemanticCacheOptions.UseDistributedCache to false.";

    private readonly CacheJudgements _judgements;
    private readonly LlmFeedback? _feedback;

    public CacheParts(IChatClient client, StageSettings<CachePolicy> settings, CacheSurroundings around)
    {
        Memory = new(around.Time);
        var store = StoreOf(settings, around);
        var tiers = new SemanticTierSource(settings.Current, around.Embedders, around.Pipeline, around.Time, around.Logger);
        var counters = new CacheCounters();
        _judgements = new(store, around.Pipeline, around.Logger);
        Records = new(counters, _judgements, around.Time);
        Lookup = new(store, tiers, _judgements, Records, around.Time, around.Logger);
        Writer = new(store, _judgements, Records, new(around.Time, around.Random));
        Flights = new(client);
        Shadow = new(client, _judgements, around.Models, around.Random, around.Logger);
        Cache = new(Memory, store, counters, _judgements.Quality, () => ThresholdOf(tiers, settings.Current), () => settings.Current, around.Time);
        _feedback = around.Feedback;
        _feedback?.Add(_judgements);
    }

    public MemoryCacheStore Memory { get; }

    public CacheRecords Records { get; }

    /// <summary>Gets the requests on their way whose answer others may wait for.</summary>
    public FlightBoard Flights { get; }

    public CacheLookup Lookup { get; }

    public CacheWriter Writer { get; }

    public ShadowChecker Shadow { get; }

    public LlmCache Cache { get; }

    public void Dispose() => _feedback?.Remove(_judgements);

    private ICacheStore StoreOf(StageSettings<CachePolicy> settings, CacheSurroundings around) => !settings.Current.UseDistributedCache ? Memory
        : around.Distributed is { } far ? new DistributedCacheStore(Memory, far, () => settings.Current, around.Time, around.Pipeline, around.Logger)
        : throw new LlmConfigurationException(around.Pipeline, [NoDistributedCache]);

    private double? ThresholdOf(SemanticTierSource tiers, CachePolicy policy) => tiers.For(policy) is { } tier ? _judgements.ThresholdFor(policy, tier) : null;
}
