namespace LlmKit.Simulator.Faults;

/// <summary>How an error says when to come again.</summary>
public enum RetryAfterForm
{
    /// <summary>The header <c>Retry-After</c> with whole seconds, rounded up.</summary>
    Seconds,

    /// <summary>The header <c>Retry-After</c> with an HTTP date, by the simulator's clock.</summary>
    HttpDate,

    /// <summary>The header <c>Retry-After</c> with an HTTP date that has passed, by as much as the wait is long: the clocks differ, or a cache answered.</summary>
    PastDate,

    /// <summary>The header <c>Retry-After</c> with words in it.</summary>
    Words,

    /// <summary>The header <c>retry-after-ms</c> with milliseconds.</summary>
    Milliseconds,

    /// <summary>No <c>Retry-After</c>: only the provider's own headers, which say that requests are left, but no tokens, and when that ends (<c>x-ratelimit-reset-tokens</c> as a length, <c>anthropic-ratelimit-tokens-reset</c> as a moment).</summary>
    LimitReset,
}
