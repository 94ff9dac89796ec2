using System.Numerics.Tensors;

namespace LlmKit.Control.Caching;

/// <summary>The answers of one partition that can be found by similarity: a flat list.</summary>
/// <remarks>
/// Changed under the store's lock and read without one: a reader that meets a change may miss an entry or see it twice, which costs a hit
/// and never gives a wrong one. A scan of all of it is bound by <see cref="Capacity"/>; beyond it the oldest are found by their exact key only.
/// </remarks>
internal sealed class CachePartition
{
    public const int Capacity = 10_000;

    private CacheEntry?[] _entries = new CacheEntry?[4];
    private int _count;
    private int _next;

    public int Count => Volatile.Read(ref _count);

    public void Add(CacheEntry entry)
    {
        if (_count == Capacity)
        {
            Replace(entry);
            return;
        }

        if (_count == _entries.Length)
        {
            var larger = new CacheEntry?[Math.Min(_count * 2, Capacity)];
            _entries.CopyTo(larger, 0);
            Volatile.Write(ref _entries, larger);
        }

        entry.Slot = _count;
        Volatile.Write(ref _entries[_count], entry);
        Volatile.Write(ref _count, _count + 1);
    }

    public void Remove(CacheEntry entry)
    {
        if (entry.Slot < 0)
            return;
        var last = _entries[_count - 1]!;
        last.Slot = entry.Slot;
        Volatile.Write(ref _entries[entry.Slot], last);
        Volatile.Write(ref _count, _count - 1);
        _entries[_count] = null;
        entry.Slot = -1;
    }

    /// <summary>Fills the target with the most similar entries, best first, and gives their number.</summary>
    public int FindNearest(ReadOnlySpan<float> vector, Span<Nearest> target)
    {
        var count = Count;
        var entries = Volatile.Read(ref _entries);
        var found = 0;
        for (var i = 0; i < Math.Min(count, entries.Length); i++)
        {
            if (Volatile.Read(ref entries[i]) is not { Text: { } text } entry || text.Vector.Length != vector.Length)
                continue;
            var similarity = TensorPrimitives.Dot(vector, text.Vector);
            if (found < target.Length || similarity > target[found - 1].Similarity)
                found = Insert(new(entry, similarity), target, found);
        }

        return found;
    }

    private static int Insert(in Nearest nearest, Span<Nearest> target, int found)
    {
        for (var i = 0; i < found; i++)
        {
            if (ReferenceEquals(target[i].Entry, nearest.Entry))
                return found;
        }

        var end = Math.Min(found, target.Length - 1);
        while (end > 0 && target[end - 1].Similarity < nearest.Similarity)
        {
            target[end] = target[end - 1];
            end--;
        }

        target[end] = nearest;
        return Math.Min(found + 1, target.Length);
    }

    private void Replace(CacheEntry entry)
    {
        _entries[_next]!.Slot = -1;
        entry.Slot = _next;
        Volatile.Write(ref _entries[_next], entry);
        _next = (_next + 1) % Capacity;
    }
}
