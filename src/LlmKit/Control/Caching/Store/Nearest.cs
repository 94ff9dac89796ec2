namespace LlmKit.Control.Caching;

/// <summary>A stored answer and how similar its request is.</summary>
/// <param name="Entry">The answer.</param>
/// <param name="Similarity">The cosine.</param>
internal readonly record struct Nearest(CacheEntry Entry, double Similarity)
{
    /// <summary>How many candidates are tried: where guards forbid the first, a later one may do.</summary>
    public const int Most = 8;
}
