namespace LlmKit.Control.Caching;

/// <summary>What a cache has done since it was built, and how it stands. Immutable.</summary>
public sealed record CacheStatistics
{
    /// <summary>Gets the answers held now.</summary>
    public required int Entries { get; init; }

    /// <summary>Gets about how many bytes they take.</summary>
    public required long Bytes { get; init; }

    /// <summary>Gets the calls answered by an equal request's answer.</summary>
    public required long ExactHits { get; init; }

    /// <summary>Gets the calls answered by the answer to another spelling.</summary>
    public required long NormalisedHits { get; init; }

    /// <summary>Gets the calls answered by the answer to a similar wording.</summary>
    public required long SemanticHits { get; init; }

    /// <summary>Gets the calls for which an answer was found and not served, because the cache observes or has no threshold.</summary>
    public required long ObservedHits { get; init; }

    /// <summary>Gets the calls that got the answer of an equal call which was on its way.</summary>
    public required long Joined { get; init; }

    /// <summary>Gets the calls for which nothing was found.</summary>
    public required long Misses { get; init; }

    /// <summary>Gets the calls that did not concern the cache.</summary>
    public required long Bypasses { get; init; }

    /// <summary>Gets what the answers served had cost when they were made, in USD.</summary>
    public required decimal SavedUsd { get; init; }

    /// <summary>Gets what the answers found and not served had cost when they were made, in USD: what an observing cache would have saved.</summary>
    public required decimal PossibleSavingUsd { get; init; }

    /// <summary>Gets the hits that were checked against a fresh answer with a verdict, of the last 2,000.</summary>
    public required int CheckedHits { get; init; }

    /// <summary>Gets how many of them were wrong.</summary>
    public required int WrongHits { get; init; }

    /// <summary>Gets the lower end of the 95 % Clopper-Pearson interval of wrong hits to a hit; 0 without checks.</summary>
    public required double WrongHitRateLower { get; init; }

    /// <summary>Gets the upper end of the 95 % Clopper-Pearson interval of wrong hits to a hit; 1 without checks.</summary>
    public required double WrongHitRateUpper { get; init; }

    /// <summary>Gets the least similarity in force; <see langword="null"/> where similar requests are only recorded, or not looked for. Above 1, only equal requests hit.</summary>
    public required double? Threshold { get; init; }

    /// <summary>Gets the part of the calls looked up that repeated another, whether or not the answer was served: 0 to 1.</summary>
    public double RepeatRate => Found + Misses == 0 ? 0 : (double)Found / (Found + Misses);

    private long Found => ExactHits + NormalisedHits + SemanticHits + ObservedHits + Joined;
}
