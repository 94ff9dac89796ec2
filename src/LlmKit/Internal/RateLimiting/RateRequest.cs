namespace LlmKit.Internal.RateLimiting;

/// <summary>One request that asks to pass limits: all of them, or none.</summary>
/// <param name="Charges">The limits; one account at most once.</param>
/// <param name="Size">The tokens, in the worst case.</param>
internal readonly record struct RateRequest(RateCharge[] Charges, RateSize Size)
{
    public LlmPriority Priority { get; init; }

    /// <summary>Gets how long it may wait; <see langword="null"/> for as long as the limits let it.</summary>
    public TimeSpan? Patience { get; init; }
}
