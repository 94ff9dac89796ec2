using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Caching;

/// <summary>What the cache counts and logs: never a text of the conversation, nor an exception's message, which may echo one.</summary>
internal static partial class CachingTelemetry
{
    private static readonly Counter<long> Lookups = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.cache.lookups", "{lookup}", "Look-ups in the cache by the last tier asked and their outcome: hit, miss, bypass, or observed for a hit that was not served.");

    private static readonly Counter<long> Evictions = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.cache.evictions", "{entry}", "Answers dropped from the cache before they were asked for again, by reason: expired, entries or bytes.");

    public static string NameOf(CacheTier tier) => tier switch { CacheTier.Exact => "exact", CacheTier.Semantic => "semantic", _ => "none" };

    public static void CountLookup(CacheTier tier, string outcome) => Lookups.Add(1, new("tier", NameOf(tier)), new("outcome", outcome));

    public static void CountEviction(string reason) => Evictions.Add(1, new KeyValuePair<string, object?>("reason", reason));

    [LoggerMessage(201, LogLevel.Information, "The cache of the pipeline '{Pipeline}' has no embedding model: only equal requests hit. Add one with AddEmbeddings to serve similar ones.")]
    public static partial void ExactOnly(ILogger logger, string pipeline);

    [LoggerMessage(202, LogLevel.Warning, "The cache of the pipeline '{Pipeline}' has an embedding model and no threshold: similar requests are recorded and none is served. Set SemanticCacheOptions.MinSimilarity.")]
    public static partial void NoThreshold(ILogger logger, string pipeline);

    [LoggerMessage(204, LogLevel.Warning, "The cache of the pipeline '{Pipeline}' went on without an embedding: {Reason}.")]
    public static partial void NoEmbedding(ILogger logger, string pipeline, string reason);

    [LoggerMessage(205, LogLevel.Warning, "The cache of the pipeline '{Pipeline}' failed with {Error}; the call went on without it.")]
    public static partial void Failed(ILogger logger, string pipeline, string error);
}
