namespace LlmKit.Control.Caching;

/// <summary>The vectors of one partition of a cache, and the search for those nearest to a query: a flat scan of int8 rows.</summary>
/// <remarks>
/// Writers take turns under the caller's lock. Readers take none and never wait: one that meets a change may miss an item that is being
/// added or removed, and never gives an item a similarity that is not its own, since the scan only proposes and the item's own vector decides.
/// Removing moves nothing: the lowest free slot is filled first, and the scan ends at the last slot in use.
/// </remarks>
internal sealed class VectorIndex<T>
    where T : class, IIndexedVector
{
    /// <summary>Beyond it the sum of a row's products could exceed 32 bits, with a margin of four.</summary>
    public const int MostDimensions = 16_384;

    // Most partitions are a user's and hold a handful.
    private const int FirstRows = 4;
    private const int MostRows = 4_096;
    private const int Overhead = 256;

    private readonly int _dimensions;
    private readonly PriorityQueue<int, int> _free = new();
    private VectorChunk<T>[] _chunks = [];
    private int _bound;
    private int _count;

    public VectorIndex(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MostDimensions);
        _dimensions = dimensions;
    }

    public int Dimensions => _dimensions;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Gets the bytes of memory that the index takes, without the items.</summary>
    public long Bytes
    {
        get
        {
            var bytes = Overhead + (2L * sizeof(int) * _free.EnsureCapacity(0));
            foreach (var chunk in Volatile.Read(ref _chunks))
                bytes += chunk.Size;
            return bytes;
        }
    }

    /// <summary>Gets the items, in no order. A change meanwhile may be seen or not.</summary>
    public IEnumerable<T> Items
    {
        get
        {
            foreach (var chunk in Volatile.Read(ref _chunks))
            {
                for (var row = 0; row < chunk.Capacity; row++)
                {
                    if (chunk.Item(row) is { } item)
                        yield return item;
                }
            }
        }
    }

    /// <summary>Adds an item, under the caller's lock, and gives the slot to remove it by.</summary>
    /// <exception cref="ArgumentException">The item's vector has other dimensions.</exception>
    public int Add(T item)
    {
        if (item.Vector.Length != _dimensions)
            throw new ArgumentException($"The vector has {item.Vector.Length} dimensions and not {_dimensions}.", nameof(item));
        var slot = TakeSlot();
        ChunkWith(slot).Put(slot % MostRows, item);
        Volatile.Write(ref _bound, Math.Max(_bound, slot + 1));
        Volatile.Write(ref _count, _count + 1);
        return slot;
    }

    /// <summary>Removes the item of a slot, under the caller's lock.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The slot is free.</exception>
    public void Remove(int slot)
    {
        if (slot < 0 || ItemAt(_chunks, slot) is null)
            throw new ArgumentOutOfRangeException(nameof(slot), slot, "The slot is free.");
        _chunks[slot / MostRows].Drop(slot % MostRows);
        _free.Enqueue(slot, slot);
        Volatile.Write(ref _count, _count - 1);
        if (slot == _bound - 1)
            Shrink();
    }

    /// <summary>Fills the target with the items nearest to a query of length 1, best first, and gives their number, 16 at most.</summary>
    /// <exception cref="ArgumentException">The query has other dimensions.</exception>
    public int FindNearest(ReadOnlySpan<float> unitQuery, Span<Neighbour<T>> target)
    {
        if (unitQuery.Length != _dimensions)
            throw new ArgumentException($"The query has {unitQuery.Length} dimensions and not {_dimensions}.", nameof(unitQuery));
        if (target.IsEmpty)
            return 0;
        var candidates = new RowCandidates(stackalloc float[RowCandidates.Most], stackalloc int[RowCandidates.Most]);
        Int8Scan.Find(unitQuery, Volatile.Read(ref _chunks), Volatile.Read(ref _bound), ref candidates);
        return Compare(unitQuery, candidates.Slots, target);
    }

    private int Compare(ReadOnlySpan<float> query, ReadOnlySpan<int> slots, Span<Neighbour<T>> target)
    {
        // Read anew: since the scan began a slot may have been freed, or its chunk replaced by a larger one.
        var chunks = Volatile.Read(ref _chunks);
        Span<float> buffer = stackalloc float[HalfVectors.Block];
        var found = new Neighbours<T>(target);
        foreach (var slot in slots)
        {
            if (ItemAt(chunks, slot) is { } item && !found.Contains(item))
                found.Offer(new(item, HalfVectors.Dot(query, item.Vector, buffer)));
        }

        return found.Count;
    }

    private static T? ItemAt(VectorChunk<T>[] chunks, int slot) =>
        slot / MostRows < chunks.Length && chunks[slot / MostRows] is var chunk && slot % MostRows < chunk.Capacity ? chunk.Item(slot % MostRows) : null;

    private int TakeSlot()
    {
        if (_free.TryDequeue(out var slot, out _) && slot < _bound)
            return slot;

        // The lowest lies beyond the bound, so all do.
        _free.Clear();
        return _bound;
    }

    private VectorChunk<T> ChunkWith(int slot)
    {
        var place = slot / MostRows;
        if (place == _chunks.Length)
        {
            Volatile.Write(ref _chunks, [.. _chunks, new(_dimensions, place == 0 ? FirstRows : MostRows)]);
        }
        else if (slot % MostRows >= _chunks[place].Capacity)
        {
            var chunks = _chunks.ToArray();
            chunks[place] = chunks[place].Grown(chunks[place].Capacity * 2);
            Volatile.Write(ref _chunks, chunks);
        }

        return _chunks[place];
    }

    /// <summary>Ends the scan at the last item, and gives back chunks beyond it but for one, as the next item may need it.</summary>
    private void Shrink()
    {
        var bound = _bound;
        while (bound > 0 && ItemAt(_chunks, bound - 1) is null)
            bound--;
        Volatile.Write(ref _bound, bound);
        var kept = ((bound + MostRows - 1) / MostRows) + 1;
        if (kept < _chunks.Length)
            Volatile.Write(ref _chunks, _chunks[..kept]);

        // Only once they outnumber the slots, so that looking at each slot is paid for by as many removals.
        var beyond = _free.Count - (bound - _count);
        if (beyond > bound)
            ForgetSlotsBeyond(bound);
    }

    private void ForgetSlotsBeyond(int bound)
    {
        _free.Clear();
        for (var slot = 0; slot < bound; slot++)
        {
            if (ItemAt(_chunks, slot) is null)
                _free.Enqueue(slot, slot);
        }

        _free.TrimExcess();
    }
}
