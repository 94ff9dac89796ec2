using System.Runtime.CompilerServices;
using LlmKit.Control.Caching;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Soak.Cache;

/// <summary>A pipeline of one model behind a cache that is too small for what is asked of it.</summary>
internal sealed class CacheRig : IDisposable
{
    public const int MaxEntries = 400;
    public const int MaxEntriesOfAUser = 35;
    public const long MaxBytes = 2_000_000;
    public static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(2);

    private readonly ServiceProvider _services;

    public CacheRig(int seed)
    {
        Model = new(Articles, seed);
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLlmPipeline().AddModel("articles", Model).UseSemanticCache(cache =>
        {
            (cache.Embedder, cache.MinSimilarity, cache.MatchNormalised) = (new ArticleEmbedder(), 0.95, true);
            (cache.MaxEntries, cache.MaxEntriesPerUser, cache.MaxBytes) = (MaxEntries, MaxEntriesOfAUser, MaxBytes);
            (cache.TimeToLive, cache.EmbeddingTimeout) = (TimeToLive, TimeSpan.FromMinutes(1));
        });
        _services = services.BuildServiceProvider();
        Chat = _services.GetRequiredService<IChatClient>();
        Cache = Chat.GetService<LlmCache>()!;
    }

    public CountingTime Time { get; } = new();

    public Articles Articles { get; } = new();

    public ArticleModel Model { get; }

    public IChatClient Chat { get; }

    public LlmCache Cache { get; }

    /// <summary>Gets how many requests are on their way whose answer others could share.</summary>
    public int FlightsOut => PartsOf(Chat.GetService<SemanticCacheChatClient>()!).Flights.Count;

    public void Dispose() => _services.Dispose();

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_parts")]
    private static extern ref CacheParts PartsOf(SemanticCacheChatClient cache);
}
