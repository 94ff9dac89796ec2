namespace LlmKit.Control.Caching;

/// <summary>Where a store keeps an entry. Changed under the store's lock only.</summary>
internal sealed class EntryPlaces
{
    /// <summary>Gets the place in the order of eviction.</summary>
    public required LinkedListNode<CacheEntry> Order { get; init; }

    /// <summary>Gets the place among its writer's; <see langword="null"/> when it has none.</summary>
    public LinkedListNode<CacheEntry>? Writer { get; set; }

    /// <summary>Gets the places under its tags, in their order.</summary>
    public LinkedListNode<CacheEntry>[] Tags { get; set; } = [];

    /// <summary>Gets the slot in the index of its space; -1 when it is in none.</summary>
    public int Slot { get; set; } = -1;
}
