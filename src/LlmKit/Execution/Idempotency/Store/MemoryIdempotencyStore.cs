namespace LlmKit.Execution.Idempotency;

/// <summary>Keeps outcomes in memory, within bounds of number and size: what was kept first is dropped first.</summary>
/// <remarks>Thread-safe: one lock, held for a few look-ups. Outcomes whose window has ended are dropped when they are met, and from the old end at every write.</remarks>
internal sealed class MemoryIdempotencyStore(Func<IdempotencyPolicy> bounds, TimeProvider time) : IIdempotencyStore
{
    private const int Overhead = 300;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _order = [];
    private long _bytes;

    public int Count
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    public ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var node))
                return default;
            if (!IsExpired(node.Value))
                return new(node.Value.Outcome);
            Remove(node);
            return default;
        }
    }

    public ValueTask<bool> SaveAsync(string key, byte[] outcome, TimeSpan window, CancellationToken cancellationToken)
    {
        var policy = bounds();
        var entry = new Entry(key, outcome, time.GetTimestamp(), window);
        // One that is larger than the bound alone would drive out all others first.
        var fits = entry.Size <= policy.MaxBytes;
        var dropped = fits ? 0 : 1;
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var earlier))
                Remove(earlier);
            while (_order.First is { } oldest && IsExpired(oldest.Value))
                Remove(oldest);
            if (fits)
                Add(entry);
            for (; _entries.Count > policy.MaxEntries || _bytes > policy.MaxBytes; dropped++)
                Remove(_order.First!);
        }

        IdempotencyTelemetry.CountDropped(dropped);
        return new(fits);
    }

    private bool IsExpired(in Entry entry) => time.GetElapsedTime(entry.Kept) >= entry.Window;

    private void Add(in Entry entry)
    {
        _entries.Add(entry.Key, _order.AddLast(entry));
        _bytes += entry.Size;
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _order.Remove(node);
        _entries.Remove(node.Value.Key);
        _bytes -= node.Value.Size;
    }

    private readonly record struct Entry(string Key, byte[] Outcome, long Kept, TimeSpan Window)
    {
        public long Size => Overhead + Outcome.Length;
    }
}
