using LlmKit.Internal.RateLimiting.Accounts;

namespace LlmKit.Internal.RateLimiting;

/// <summary>Why something did not pass.</summary>
/// <param name="Rule">The limit.</param>
/// <param name="Kind">What of it is used up.</param>
/// <param name="RetryAfter">When it would pass; <see langword="null"/> when nobody can tell.</param>
/// <param name="Cause">What became of it.</param>
internal sealed record RateRefusal(RateRule Rule, RateLimitKind Kind, TimeSpan? RetryAfter, RateRefusalCause Cause);

/// <summary>What became of something that did not pass.</summary>
internal enum RateRefusalCause
{
    /// <summary>It was refused at once.</summary>
    Full,

    /// <summary>It asked for more than ever fits.</summary>
    TooLarge,

    /// <summary>It would have waited, but as many as may were waiting already.</summary>
    QueueFull,

    /// <summary>It would have had to wait for longer than it may.</summary>
    TooLong,
}
