namespace LlmKit.Control.Caching;

/// <summary>An answer that is served, and how it was found.</summary>
/// <param name="Entry">The answer.</param>
/// <param name="Tier">How it was found.</param>
/// <param name="Similarity">How similar its request is; 1 where it was found by a key.</param>
/// <param name="Threshold">The least similarity in force; <see langword="null"/> where it was found by a key.</param>
internal sealed record CacheHit(CacheEntry Entry, CacheTier Tier, double Similarity, double? Threshold)
{
    public CachedAnswer Answer => Entry.Answer;
}
