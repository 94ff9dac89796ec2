using LlmKit.Control.Caching;
using LlmKit.Internal.Statistics;

namespace LlmKit;

/// <summary>The answers of one semantic cache, to be looked after: <c>chatClient.GetService&lt;LlmCache&gt;()</c> gives it.</summary>
/// <remarks>Thread-safe. It belongs to the pipeline, or to the stage that stands alone, and ends with it.</remarks>
public sealed class LlmCache
{
    private readonly MemoryCacheStore _memory;
    private readonly ICacheStore _store;
    private readonly CacheCounters _counters;
    private readonly HitQuality _quality;
    private readonly Func<double?> _threshold;
    private readonly Func<CachePolicy> _policy;
    private readonly TimeProvider _time;

    internal LlmCache(MemoryCacheStore memory, ICacheStore store, CacheCounters counters, HitQuality quality, Func<double?> threshold, Func<CachePolicy> policy, TimeProvider time)
    {
        _policy = policy;
        _time = time;
        _memory = memory;
        _store = store;
        _counters = counters;
        _quality = quality;
        _threshold = threshold;
    }

    /// <summary>Drops the answers that depend on something that has changed, such as a document; answers that are being made now are not stored.</summary>
    /// <param name="tag">What has changed, as in <see cref="LlmCallOptions.CacheTags"/>.</param>
    /// <param name="cancellationToken">Ends the wait for a shared store.</param>
    /// <returns>How many answers this process dropped.</returns>
    /// <exception cref="ArgumentException">The tag is blank.</exception>
    /// <exception cref="TimeoutException">The distributed cache took too long. This process has dropped its answers; others may not know. What the cache itself throws passes as it is.</exception>
    public ValueTask<int> InvalidateByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        return _store.InvalidateAsync(tag, cancellationToken);
    }

    /// <summary>Drops all answers of this process; answers that are being made now are not stored.</summary>
    /// <returns>How many were dropped.</returns>
    public int Clear() => _memory.Clear();

    /// <summary>Saves the answers that this process holds, in clear. Calls go on meanwhile; what they store after the first byte is written is not in it.</summary>
    /// <remarks>Answers to requests from which guardrails removed something are left out: their keys mean nothing in another process.</remarks>
    /// <param name="target">Where to; it stays open.</param>
    /// <param name="cancellationToken">Ends the saving; what was written is of no use then.</param>
    /// <returns>How many answers were saved.</returns>
    public async Task<int> SaveAsync(Stream target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        var entries = Array.FindAll(_memory.All(), entry => entry.MayLeave && !entry.IsExpired(_time));
        await CacheFile.WriteAsync(target, entries, _time, cancellationToken).ConfigureAwait(false);
        return entries.Length;
    }

    /// <summary>Adds the answers that were saved, as old as they are by now. All of them are read before one is served.</summary>
    /// <remarks>
    /// Equal requests of the same pipeline with the same models find them; similar ones too when the embedder is the same. An invalidation that
    /// happened after they were saved is not known to them.
    /// </remarks>
    /// <param name="source">Where from; it stays open. Only what <see cref="SaveAsync"/> wrote and nobody else could change.</param>
    /// <param name="cancellationToken">Ends the loading; nothing is added then.</param>
    /// <returns>How many answers were added.</returns>
    /// <exception cref="InvalidDataException">It is damaged, of another version, or larger than the cache may be: nothing was added.</exception>
    public async Task<int> LoadAsync(Stream source, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var policy = _policy();
        var entries = await CacheFile.ReadAsync(source, policy.MaxBytes, _time, cancellationToken).ConfigureAwait(false);
        return entries.Count(entry => !entry.IsExpired(_time) && _memory.Add(entry, policy, _memory.Generation) is null);
    }

    /// <summary>Says what the cache has done and how it stands.</summary>
    /// <returns>The figures of this moment.</returns>
    public CacheStatistics GetStatistics()
    {
        var (count, wrong) = _quality.At(0);
        var (lower, upper) = count == 0 ? (0, 1) : BinomialInterval.TwoSided(wrong, count, HitQuality.Confidence);
        return new()
        {
            Entries = _memory.Count,
            Bytes = _memory.Bytes,
            ExactHits = _counters.HitsOf(CacheTier.Exact),
            NormalisedHits = _counters.HitsOf(CacheTier.Normalised),
            SemanticHits = _counters.HitsOf(CacheTier.Semantic),
            ObservedHits = _counters.Observed,
            Joined = _counters.Joined,
            Misses = _counters.Misses,
            Bypasses = _counters.Bypasses,
            SavedUsd = _counters.SavedUsd,
            PossibleSavingUsd = _counters.PossibleUsd,
            CheckedHits = count,
            WrongHits = wrong,
            WrongHitRateLower = lower,
            WrongHitRateUpper = upper,
            Threshold = _threshold(),
        };
    }
}
