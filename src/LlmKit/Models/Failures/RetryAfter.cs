using System.Globalization;
using System.Net.Http.Headers;

namespace LlmKit.Models;

/// <summary>Reads the headers with which a provider says when to come back.</summary>
/// <remarks>Pure functions, safe to use from any thread. A value that cannot be trusted is treated as not sent, so that a
/// retry falls back to its own delay instead of waiting on nonsense.</remarks>
public static class RetryAfter
{
    /// <summary>The longest wait that is believed, 30 days: providers refill their limits sooner, and what lies beyond is a slip of units.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>Reads <c>retry-after</c> and <c>retry-after-ms</c>.</summary>
    /// <param name="retryAfter">The value of <c>retry-after</c>: seconds (a fraction is accepted) or an HTTP date; may be <see langword="null"/>.</param>
    /// <param name="retryAfterMilliseconds">The value of <c>retry-after-ms</c>, which is finer and wins when it is readable; may be <see langword="null"/>.</param>
    /// <param name="time">The clock that an HTTP date is compared with.</param>
    /// <returns>How long to wait, 0 to 30 days, or <see langword="null"/> for no header, an unreadable or negative value,
    /// a date that has passed, or a longer wait.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="time"/> is <see langword="null"/>.</exception>
    public static TimeSpan? Parse(string? retryAfter, string? retryAfterMilliseconds, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return Number(retryAfterMilliseconds, TimeSpan.TicksPerMillisecond)
            ?? Number(retryAfter, TimeSpan.TicksPerSecond)
            ?? Date(retryAfter, time);
    }

    /// <summary>Reads all headers of a failed answer that say when to come back: <c>retry-after-ms</c>, <c>retry-after</c> and, where a limit was reached
    /// (HTTP 429) and neither says it, the providers' own: <c>x-ratelimit-reset-*</c>, <c>anthropic-ratelimit-*-reset</c> and <c>anthropic-priority-*-reset</c>.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="header">Gives the value of a header, or <see langword="null"/>.</param>
    /// <param name="time">The clock that moments are compared with.</param>
    /// <returns>How long to wait, 0 to 30 days, or <see langword="null"/> when nothing readable says it.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static TimeSpan? Read(int status, Func<string, string?> header, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(time);
        return Parse(header("retry-after"), header("retry-after-ms"), time)
            // The same headers come with every answer: beside another status they say nothing about the failure.
            ?? (status == 429 ? RateLimitResets.Read(header, time) : null);
    }

    /// <summary>Gives back a wait, or <see langword="null"/> for one that lies in the past or too far in the future.</summary>
    internal static TimeSpan? Believed(TimeSpan? wait) => wait >= TimeSpan.Zero && wait <= Longest ? wait : null;

    private static TimeSpan? Number(string? value, long ticksPerUnit)
    {
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        if (!decimal.TryParse(value, Style, CultureInfo.InvariantCulture, out var units)) return null;
        return units <= Longest.Ticks / ticksPerUnit ? new TimeSpan((long)(units * ticksPerUnit)) : null;
    }

    private static TimeSpan? Date(string? value, TimeProvider time) =>
        RetryConditionHeaderValue.TryParse(value, out var parsed) ? Believed(parsed.Date - time.GetUtcNow()) : null;
}
