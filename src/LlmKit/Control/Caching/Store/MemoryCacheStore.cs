using System.Collections.Concurrent;
using LlmKit.Internal.Keys;

namespace LlmKit.Control.Caching;

/// <summary>Keeps answers in memory, within bounds of number and size.</summary>
/// <remarks>
/// Reads take no lock. Writes take one: they keep the order of eviction, in which an answer that was served since it was last looked at
/// gets a second chance. Expired answers are dropped when they are met, and from the old end at every write.
/// </remarks>
internal sealed class MemoryCacheStore(TimeProvider time) : ICacheStore
{
    private const int ExpiredAtOnce = 8;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<Hash256, CacheEntry> _entries = [];
    private readonly ConcurrentDictionary<Hash256, CachePartition> _partitions = [];
    private readonly LinkedList<CacheEntry> _order = [];
    private long _bytes;
    private long _evictions;

    public int Count => _entries.Count;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Gets how many answers were dropped, expired ones included, replaced ones not.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);

    public ValueTask<CacheEntry?> FindAsync(Hash256 exact, CancellationToken cancellationToken)
    {
        if (!_entries.TryGetValue(exact, out var entry))
            return default;
        if (entry.IsExpired(time))
        {
            lock (_lock)
                Evict(entry, "expired");
            return default;
        }

        entry.IsUsed = true;
        return new(entry);
    }

    public ValueTask<IReadOnlyList<Nearest>> FindNearestAsync(Hash256 partition, float[] vector, CancellationToken cancellationToken)
    {
        if (!_partitions.TryGetValue(partition, out var list))
            return new([]);
        var nearest = new Nearest[Nearest.Most];
        var found = list.FindNearest(vector, nearest);
        return new(new ArraySegment<Nearest>(nearest, 0, found));
    }

    public ValueTask<bool> AddAsync(CacheEntry entry, CachePolicy bounds, CancellationToken cancellationToken)
    {
        if (entry.Size > bounds.MaxBytes)
            return new(false);
        lock (_lock)
        {
            if (_entries.TryGetValue(entry.Exact, out var earlier))
                Remove(earlier);
            DropExpired();
            Insert(entry);
            while (_entries.Count > bounds.MaxEntries)
                EvictOne(entry, "entries");
            while (_bytes > bounds.MaxBytes)
                EvictOne(entry, "bytes");
        }

        return new(true);
    }

    private void Insert(CacheEntry entry)
    {
        entry.Place = _order.AddLast(entry);
        _entries[entry.Exact] = entry;
        _bytes += entry.Size;
        if (entry.Text is not null)
            _partitions.GetOrAdd(entry.Partition, static _ => new()).Add(entry);
    }

    private void DropExpired()
    {
        for (var i = 0; i < ExpiredAtOnce && _order.First is { } oldest && oldest.Value.IsExpired(time); i++)
            Evict(oldest.Value, "expired");
    }

    private void EvictOne(CacheEntry keep, string reason)
    {
        while (_order.First is { } first)
        {
            if (!first.Value.IsUsed && !ReferenceEquals(first.Value, keep))
            {
                Evict(first.Value, reason);
                return;
            }

            first.Value.IsUsed = false;
            _order.RemoveFirst();
            _order.AddLast(first);
        }
    }

    private void Evict(CacheEntry entry, string reason)
    {
        if (!Remove(entry))
            return;
        Interlocked.Increment(ref _evictions);
        CachingTelemetry.CountEviction(reason);
    }

    private bool Remove(CacheEntry entry)
    {
        if (entry.Place is not { } place)
            return false;
        entry.Place = null;
        _order.Remove(place);
        _entries.TryRemove(new(entry.Exact, entry));
        _bytes -= entry.Size;
        if (entry.Text is not null && _partitions.TryGetValue(entry.Partition, out var partition))
        {
            partition.Remove(entry);
            if (partition.Count == 0)
                _partitions.TryRemove(entry.Partition, out _);
        }

        return true;
    }
}
