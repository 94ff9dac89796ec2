using System.Buffers;
using System.Globalization;

namespace LlmKit.Models;

/// <summary>Reads the headers with which providers say when each of their limits begins anew, for a 429 that does not say when to come back.</summary>
/// <remarks>
/// OpenAI and those who imitate it send lengths (<c>6m0s</c>, <c>350ms</c>), Anthropic RFC 3339 moments, OpenRouter and others moments as
/// seconds or milliseconds of the Unix epoch. The limits that nothing is left of decide, the latest of them; when every limit has something
/// left, the request was too large for one of them, and the earliest is when that is known.
/// </remarks>
internal static class RateLimitResets
{
    // Smaller numbers are lengths in seconds: as moments they would lie decades back.
    private const long FirstEpochSecond = 1_000_000_000;
    private const long FirstEpochMillisecond = 1_000_000_000_000;

    private static readonly SearchValues<char> NumberParts = SearchValues.Create("0123456789.");

    private static readonly (string Reset, string Remaining)[] Limits =
    [
        ("x-ratelimit-reset-requests", "x-ratelimit-remaining-requests"),
        ("x-ratelimit-reset-tokens", "x-ratelimit-remaining-tokens"),
        ("x-ratelimit-reset", "x-ratelimit-remaining"),
        ("anthropic-ratelimit-requests-reset", "anthropic-ratelimit-requests-remaining"),
        ("anthropic-ratelimit-tokens-reset", "anthropic-ratelimit-tokens-remaining"),
        ("anthropic-ratelimit-input-tokens-reset", "anthropic-ratelimit-input-tokens-remaining"),
        ("anthropic-ratelimit-output-tokens-reset", "anthropic-ratelimit-output-tokens-remaining"),
        ("anthropic-priority-input-tokens-reset", "anthropic-priority-input-tokens-remaining"),
        ("anthropic-priority-output-tokens-reset", "anthropic-priority-output-tokens-remaining"),
    ];

    public static TimeSpan? Read(Func<string, string?> header, TimeProvider time)
    {
        TimeSpan? latestExhausted = null;
        TimeSpan? earliest = null;
        foreach (var (reset, remaining) in Limits)
        {
            if (header(reset) is not { } value || RetryAfter.Believed(Wait(value.Trim(), time)) is not { } wait)
                continue;
            if (header(remaining)?.Trim() == "0" && !(wait < latestExhausted))
                latestExhausted = wait;
            if (!(wait > earliest))
                earliest = wait;
        }

        return latestExhausted ?? earliest;
    }

    private static TimeSpan? Wait(string value, TimeProvider time)
    {
        if (decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return number < FirstEpochSecond ? TimeSpan.FromTicks((long)(number * TimeSpan.TicksPerSecond)) : Until(Epoch(number), time);
        return DateTimeOffset.TryParseExact(value, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? Until(moment, time)
            : Length(value);
    }

    private static DateTimeOffset? Epoch(decimal number)
    {
        var milliseconds = number < FirstEpochMillisecond ? number * 1_000 : number;
        return milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;
    }

    private static TimeSpan? Until(DateTimeOffset? moment, TimeProvider time) => moment - time.GetUtcNow();

    /// <summary>Reads a length as Go writes it: numbers with units, the largest first.</summary>
    private static TimeSpan? Length(ReadOnlySpan<char> text)
    {
        var ticks = 0m;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(NumberParts);
            if (digits <= 0 || !decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return null;
            text = text[digits..];
            var letters = text.IndexOfAny(NumberParts) is var next and >= 0 ? next : text.Length;
            if (TicksOf(text[..letters]) is not { } unit || number > RetryAfter.Longest.Ticks / unit)
                return null;
            ticks += number * unit;
            text = text[letters..];
        }

        return ticks > 0 && ticks <= RetryAfter.Longest.Ticks ? TimeSpan.FromTicks((long)ticks) : null;
    }

    private static long? TicksOf(ReadOnlySpan<char> unit) => unit switch
    {
        "d" => TimeSpan.TicksPerDay,
        "h" => TimeSpan.TicksPerHour,
        "m" => TimeSpan.TicksPerMinute,
        "s" => TimeSpan.TicksPerSecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "us" or "µs" => TimeSpan.TicksPerMicrosecond,
        _ => null,
    };
}
