using System.Globalization;
using LlmKit.Calls;

namespace LlmKit.Control.Caching;

/// <summary>What the cache decided in a call.</summary>
/// <remarks>
/// Decisions: <c>hit</c>, <c>joined</c> (an equal call was on its way, and this one got the same answer), <c>miss</c>, <c>bypass</c> (the call
/// does not concern the cache), and after a clean close <c>stored</c> or <c>not stored</c>. An observed hit was found and not served.
/// Immutable; it holds no text of the conversation.
/// </remarks>
/// <param name="Decision">What was decided.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record CacheStep(string Decision, string? Reason = null) : CallStep(StageName, Decision, Reason)
{
    internal const string StageName = "cache";
    internal const string Hit = "hit";
    internal const string Joined = "joined";
    internal const string Miss = "miss";
    internal const string Bypass = "bypass";
    internal const string Stored = "stored";
    internal const string NotStored = "not stored";

    /// <summary>Gets how the answer was found, or the last way in which it was looked for.</summary>
    public CacheTier Tier { get; init; }

    /// <summary>Gets the cosine similarity of the answer served, or on a miss of the nearest one; <see langword="null"/> when none was compared.</summary>
    public double? Similarity { get; init; }

    /// <summary>Gets the least similarity in force; <see langword="null"/> when none was compared.</summary>
    public double? Threshold { get; init; }

    /// <summary>Gets the id of the answer served, or stored; the same for the same request, also after a restart. <see langword="null"/> for none.</summary>
    public string? Entry => EntryNumber == 0 ? null : EntryNumber.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Gets how old the answer was; <see langword="null"/> without a hit.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>Gets the guards that forbade more similar answers, in the order of similarity.</summary>
    public IReadOnlyList<string> Vetoes { get; init; } = [];

    /// <summary>Gets the tokens that the served answer had used when it was made. They are not charged again.</summary>
    public TokenUsage Saved { get; init; }

    /// <summary>Gets what the served answer had cost when it was made, in USD.</summary>
    public decimal SavedCost { get; init; }

    internal ulong EntryNumber { get; init; }

    /// <inheritdoc/>
    public override void AddTags(IList<KeyValuePair<string, object?>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        if (Tier != CacheTier.None)
            tags.Add(new("llmkit.cache.tier", CachingTelemetry.NameOf(Tier)));
        if (Similarity is { } similarity)
            tags.Add(new("llmkit.cache.similarity", similarity));
        if (Threshold is { } threshold)
            tags.Add(new("llmkit.cache.threshold", threshold));
        if (Entry is { } entry)
            tags.Add(new("llmkit.cache.entry", entry));
        if (Age is { } age)
            tags.Add(new("llmkit.cache.age_seconds", age.TotalSeconds));
        if (Vetoes.Count > 0)
            tags.Add(new("llmkit.cache.vetoes", string.Join(",", Vetoes)));
    }
}
