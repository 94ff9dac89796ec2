namespace LlmKit.Internal.RateLimiting.Waiting;

/// <summary>Where a request stands among those that wait: who came earlier stands before, and each higher priority counts as having come earlier by the time after which one ages.</summary>
/// <param name="Came">When it came, in milliseconds, less the lead of its priority.</param>
/// <param name="Number">Tells those apart that came together.</param>
internal readonly record struct RateRank(long Came, long Number)
{
    public bool IsBefore(in RateRank other) => Came < other.Came || (Came == other.Came && Number < other.Number);
}
