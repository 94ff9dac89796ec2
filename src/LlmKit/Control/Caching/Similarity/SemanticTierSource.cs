using LlmKit.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Caching;

/// <summary>Gives the semantic tier of a snapshot's settings, prepared once for each, or none when there is no embedder.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SemanticTierSource
{
    private readonly Func<string?, IEmbeddingGenerator<string, Embedding<float>>?>? _embedders;
    private readonly EmbeddingMemory _memory = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Prepared _prepared;

    /// <exception cref="LlmConfigurationException">The first settings name an embedding model that is not registered.</exception>
    public SemanticTierSource(
        CachePolicy first, Func<string?, IEmbeddingGenerator<string, Embedding<float>>?>? embedders, string pipeline, TimeProvider time, ILogger logger)
    {
        _embedders = embedders;
        _time = time;
        _logger = logger;
        _prepared = Prepare(first);
        if (_prepared.Tier is null && first.EmbeddingModel is { } model)
            throw new LlmConfigurationException(pipeline, [$"The cache names the embedding model '{model}', which is not registered. Add it with AddEmbeddings, or correct SemanticCacheOptions.EmbeddingModel."]);
        if (_prepared.Tier is null)
            CachingTelemetry.ExactOnly(logger, pipeline);
        else if (first.MinSimilarity is null && _prepared.Tier.Declared is null)
            CachingTelemetry.NoThreshold(logger, pipeline);
    }

    public SemanticTier? For(CachePolicy policy)
    {
        var prepared = Volatile.Read(ref _prepared);
        if (ReferenceEquals(prepared.Policy, policy))
            return prepared.Tier;
        prepared = Prepare(policy);
        Volatile.Write(ref _prepared, prepared);
        return prepared.Tier;
    }

    private Prepared Prepare(CachePolicy policy)
    {
        var embedder = policy.Embedder is { } own ? EmbeddingEdge.Around(own) : _embedders?.Invoke(policy.EmbeddingModel);
        return new(policy, embedder is null ? null : new(embedder, _memory, policy.EmbeddingTimeout, _time, _logger));
    }

    private sealed record Prepared(CachePolicy Policy, SemanticTier? Tier);
}
