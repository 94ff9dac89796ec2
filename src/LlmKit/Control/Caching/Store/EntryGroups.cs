namespace LlmKit.Control.Caching;

/// <summary>The entries of each tag or writer, in the order in which they were stored. Not thread-safe: its store locks it.</summary>
internal sealed class EntryGroups
{
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);

    public int Count => _groups.Count;

    public int CountOf(string name) => _groups.TryGetValue(name, out var group) ? group.Entries.Count : 0;

    public long BytesOf(string name) => _groups.TryGetValue(name, out var group) ? group.Bytes : 0;

    public LinkedListNode<CacheEntry> Add(string name, CacheEntry entry)
    {
        if (!_groups.TryGetValue(name, out var group))
            _groups.Add(name, group = new());
        group.Bytes += entry.Size;
        return group.Entries.AddLast(entry);
    }

    public void Remove(string name, LinkedListNode<CacheEntry> place)
    {
        var group = _groups[name];
        group.Bytes -= place.Value.Size;
        group.Entries.Remove(place);
        if (group.Entries.Count == 0)
            _groups.Remove(name);
    }

    public CacheEntry? OldestOf(string name) => _groups.TryGetValue(name, out var group) ? group.Entries.First?.Value : null;

    public CacheEntry[] AllOf(string name) => _groups.TryGetValue(name, out var group) ? [.. group.Entries] : [];

    private sealed class Group
    {
        public LinkedList<CacheEntry> Entries { get; } = [];

        public long Bytes { get; set; }
    }
}
