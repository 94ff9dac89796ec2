using LlmKit.Internal.Keys;

namespace LlmKit.Control.Caching;

/// <summary>Where answers are kept. Thread-safe. A failure never fails a call: the stage goes on without the cache.</summary>
internal interface ICacheStore
{
    /// <summary>Gets how many times something was invalidated: read before a model is asked, compared when its answer is to be kept.</summary>
    long Generation { get; }

    /// <summary>Finds the answer to exactly this request.</summary>
    ValueTask<CacheEntry?> FindAsync(Hash256 exact, CancellationToken cancellationToken);

    /// <summary>Finds the answer to a request of which this is another spelling.</summary>
    ValueTask<CacheEntry?> FindNormalisedAsync(Hash256 normalised, CancellationToken cancellationToken);

    /// <summary>Finds the most similar answers of a space, best first.</summary>
    /// <param name="space">The space.</param>
    /// <param name="vector">The request's vector, of length 1.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    ValueTask<IReadOnlyList<Neighbour<CacheEntry>>> FindNearestAsync(Hash256 space, float[] vector, CancellationToken cancellationToken);

    /// <summary>Stores an answer in place of one with the same key, and drops others until the bounds hold.</summary>
    /// <param name="entry">The answer.</param>
    /// <param name="bounds">The bounds.</param>
    /// <param name="generation">What <see cref="Generation"/> was before the model was asked.</param>
    /// <param name="cancellationToken">Ends the attempt to store it.</param>
    /// <returns>Why it was not stored; <see langword="null"/> when it was.</returns>
    ValueTask<string?> AddAsync(CacheEntry entry, CachePolicy bounds, long generation, CancellationToken cancellationToken);

    /// <summary>Drops the answers that depend on something, those that are being made now included.</summary>
    /// <returns>How many were dropped here.</returns>
    ValueTask<int> InvalidateAsync(string tag, CancellationToken cancellationToken);

    /// <summary>Drops the answer to exactly this request.</summary>
    ValueTask RemoveAsync(Hash256 exact, CancellationToken cancellationToken);
}
