using LlmKit.Internal.Keys;

namespace LlmKit.Control.Caching;

/// <summary>Where answers are kept. Thread-safe. A failure never fails a call: the stage goes on without the cache.</summary>
internal interface ICacheStore
{
    /// <summary>Finds the answer to exactly this request.</summary>
    ValueTask<CacheEntry?> FindAsync(Hash256 exact, CancellationToken cancellationToken);

    /// <summary>Finds the most similar answers of a partition, at most <see cref="Nearest.Most"/>, best first.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="vector">The request's vector, of length 1.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    ValueTask<IReadOnlyList<Nearest>> FindNearestAsync(Hash256 partition, float[] vector, CancellationToken cancellationToken);

    /// <summary>Stores an answer in place of one with the same key, and drops others until the bounds hold.</summary>
    /// <returns>Whether it was stored: an answer larger than all bounds is not.</returns>
    ValueTask<bool> AddAsync(CacheEntry entry, CachePolicy bounds, CancellationToken cancellationToken);
}
