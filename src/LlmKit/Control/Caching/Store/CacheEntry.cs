using LlmKit.Internal.Keys;

namespace LlmKit.Control.Caching;

/// <summary>A stored answer with its keys. What it holds does not change; its place in the store does, under the store's lock.</summary>
internal sealed class CacheEntry(RequestKeys keys, CachedAnswer answer, SemanticText? text, long stored, TimeSpan life)
{
    private const int Overhead = 400;

    public Hash256 Partition { get; } = keys.Partition;

    public Hash256 Exact { get; } = keys.Exact;

    public CachedAnswer Answer { get; } = answer;

    /// <summary>Gets what other wordings are compared with; <see langword="null"/> when only the equal request hits.</summary>
    public SemanticText? Text { get; } = text;

    /// <summary>Gets the clock's timestamp at which the answer was stored.</summary>
    public long Stored { get; } = stored;

    public TimeSpan Life { get; } = life;

    public long Size { get; } = Overhead + answer.Size + (text?.Size ?? 0);

    /// <summary>Gets or sets whether the answer was served since the store last looked for one to drop.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Gets or sets the place in the order of eviction.</summary>
    public LinkedListNode<CacheEntry>? Place { get; set; }

    /// <summary>Gets or sets the slot in the partition's list; -1 when it is in none.</summary>
    public int Slot { get; set; } = -1;

    public TimeSpan Age(TimeProvider time) => time.GetElapsedTime(Stored);

    public bool IsExpired(TimeProvider time) => Age(time) >= Life;
}
