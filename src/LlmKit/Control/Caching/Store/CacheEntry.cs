using LlmKit.Internal.Keys;
using LlmKit.Models;

namespace LlmKit.Control.Caching;

/// <summary>A stored answer with its keys. What it holds does not change; its place in the store does, under the store's lock.</summary>
internal sealed class CacheEntry : IIndexedVector
{
    private const int Overhead = 600;

    private long _size;

    public required Hash256 Exact { get; init; }

    /// <summary>Gets the key that other spellings share; <see langword="null"/> when only the equal request hits.</summary>
    public Hash256? Normalised { get; init; }

    /// <summary>Gets the key of the vectors that may be compared with this one's.</summary>
    public Hash256 Space { get; init; }

    /// <summary>Gets what other wordings are compared with; <see langword="null"/> when none are.</summary>
    public SemanticText? Text { get; init; }

    ReadOnlySpan<Half> IIndexedVector.Vector => Text!.Vector;

    public required CachedAnswer Answer { get; init; }

    /// <summary>Gets what the answer depends on.</summary>
    public string[] Tags { get; init; } = [];

    /// <summary>Gets who had it made; <see langword="null"/> when nobody is named.</summary>
    public string? Writer { get; init; }

    /// <summary>Gets what it cost to make the answer.</summary>
    public Money Cost { get; init; }

    /// <summary>Gets the clock's timestamp at which the answer was stored.</summary>
    public required long Stored { get; init; }

    /// <summary>Gets the time of day at which the answer was stored.</summary>
    public DateTimeOffset StoredAt { get; init; }

    /// <summary>Gets when the call that made the answer had begun; <see langword="null"/> when another process made it.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>Gets whether the answer's key means something outside of this process.</summary>
    public bool MayLeave { get; init; }

    public required TimeSpan Life { get; init; }

    /// <summary>Gets about how many bytes the entry takes.</summary>
    public long Size => _size == 0 ? _size = Overhead + Answer.Size + (Text?.Size ?? 0) + Tags.Sum(tag => 100 + (2L * tag.Length)) : _size;

    /// <summary>Gets or sets whether the answer was served since the store last looked for one to drop.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Gets or sets where the store keeps it; <see langword="null"/> when it keeps it no more.</summary>
    public EntryPlaces? Places { get; set; }

    public TimeSpan Age(TimeProvider time) => time.GetElapsedTime(Stored);

    public bool IsExpired(TimeProvider time) => Age(time) >= Life;
}
