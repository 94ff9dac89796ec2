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
    // Where guards forbid the first, a later one may do.
    private const int MostCandidates = 8;
    private const int ExpiredAtOnce = 8;
    private const int RememberedInvalidations = 10_000;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<Hash256, CacheEntry> _entries = [];
    private readonly ConcurrentDictionary<Hash256, CacheEntry> _normalised = [];
    private readonly ConcurrentDictionary<Hash256, VectorIndex<CacheEntry>> _spaces = [];
    private readonly LinkedList<CacheEntry> _order = [];
    private readonly EntryGroups _tags = new();
    private readonly EntryGroups _writers = new();
    private readonly Invalidations _invalidations = new(RememberedInvalidations);
    private long _bytes;
    private long _evictions;

    public int Count => _entries.Count;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Gets how many answers were dropped, expired ones included, replaced ones not.</summary>
    public long Evictions => Interlocked.Read(ref _evictions);

    public long Generation => _invalidations.Generation;

    public ValueTask<CacheEntry?> FindAsync(Hash256 exact, CancellationToken cancellationToken) =>
        new(_entries.TryGetValue(exact, out var entry) ? Use(entry) : null);

    public ValueTask<CacheEntry?> FindNormalisedAsync(Hash256 normalised, CancellationToken cancellationToken) =>
        new(_normalised.TryGetValue(normalised, out var entry) ? Use(entry) : null);

    public ValueTask<IReadOnlyList<Neighbour<CacheEntry>>> FindNearestAsync(Hash256 space, float[] vector, CancellationToken cancellationToken)
    {
        if (!_spaces.TryGetValue(space, out var index))
            return new([]);
        var nearest = new Neighbour<CacheEntry>[MostCandidates];
        return new(new ArraySegment<Neighbour<CacheEntry>>(nearest, 0, index.FindNearest(vector, nearest)));
    }

    public ValueTask<string?> AddAsync(CacheEntry entry, CachePolicy bounds, long generation, CancellationToken cancellationToken) => new(Add(entry, bounds, generation));

    /// <inheritdoc cref="AddAsync"/>
    public string? Add(CacheEntry entry, CachePolicy bounds, long generation)
    {
        if (entry.Size > bounds.MaxBytes)
            return "the answer is larger than the cache";
        lock (_lock)
        {
            if (entry.Text is { } text && _spaces.TryGetValue(entry.Space, out var index) && index.Dimensions != text.Vector.Length)
                return "its vector is not as long as those it is to be compared with";
            if (_invalidations.Concern(entry.Tags, generation))
                return "what the answer depends on was invalidated meanwhile";
            if (_entries.TryGetValue(entry.Exact, out var earlier))
                Remove(earlier);
            DropExpired();
            // Who fills the cache pushes out what is their own, and nobody else's.
            while (entry.Writer is { } writer && _writers.OldestOf(writer) is { } oldest
                && (_writers.CountOf(writer) >= bounds.MaxEntriesPerWriter || _writers.BytesOf(writer) + entry.Size > bounds.MaxBytesPerWriter))
                Evict(oldest, "writer");
            Insert(entry);
            while (_entries.Count > bounds.MaxEntries)
                EvictOne(entry, "entries");
            while (_bytes > bounds.MaxBytes)
                EvictOne(entry, "bytes");
        }

        return null;
    }

    public ValueTask<int> InvalidateAsync(string tag, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _invalidations.Add(tag);
            var outdated = _tags.AllOf(tag);
            foreach (var entry in outdated)
                Evict(entry, "invalidated");
            return new(outdated.Length);
        }
    }

    public ValueTask RemoveAsync(Hash256 exact, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(exact, out var entry))
                Evict(entry, "rejected");
        }

        return default;
    }

    /// <summary>Drops everything, answers that are being made now included.</summary>
    public int Clear()
    {
        lock (_lock)
        {
            _invalidations.AddAll();
            var count = _order.Count;
            while (_order.First is { } first)
                Evict(first.Value, "cleared");
            return count;
        }
    }

    /// <summary>Gives what is stored now, oldest first.</summary>
    public CacheEntry[] All()
    {
        lock (_lock)
            return [.. _order];
    }

    private CacheEntry? Use(CacheEntry entry)
    {
        if (entry.IsExpired(time))
        {
            lock (_lock)
                Evict(entry, "expired");
            return null;
        }

        entry.IsUsed = true;
        return entry;
    }

    private void Insert(CacheEntry entry)
    {
        var places = entry.Places = new() { Order = _order.AddLast(entry) };
        _entries[entry.Exact] = entry;
        if (entry.Normalised is { } normalised)
            _normalised[normalised] = entry;
        if (entry.Writer is { } writer)
            places.Writer = _writers.Add(writer, entry);
        if (entry.Tags.Length > 0)
            places.Tags = [.. entry.Tags.Select(tag => _tags.Add(tag, entry))];
        if (entry.Text is { } text)
            places.Slot = _spaces.GetOrAdd(entry.Space, static (_, dimensions) => new(dimensions), text.Vector.Length).Add(entry);
        Interlocked.Add(ref _bytes, entry.Size);
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
            _order.Remove(first);
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
        if (entry.Places is not { } places)
            return false;
        entry.Places = null;
        _order.Remove(places.Order);
        _entries.TryRemove(new(entry.Exact, entry));
        if (entry.Normalised is { } normalised)
            _normalised.TryRemove(new(normalised, entry));
        if (places.Writer is { } writer)
            _writers.Remove(entry.Writer!, writer);
        for (var i = 0; i < places.Tags.Length; i++)
            _tags.Remove(entry.Tags[i], places.Tags[i]);
        if (places.Slot >= 0 && _spaces.TryGetValue(entry.Space, out var index))
        {
            index.Remove(places.Slot);
            if (index.Count == 0)
                _spaces.TryRemove(entry.Space, out _);
        }

        Interlocked.Add(ref _bytes, -entry.Size);
        return true;
    }
}
