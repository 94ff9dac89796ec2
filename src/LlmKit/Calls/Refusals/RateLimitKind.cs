namespace LlmKit;

/// <summary>What a rate limit counts.</summary>
public enum RateLimitKind
{
    /// <summary>Requests in a window.</summary>
    Requests = 0,

    /// <summary>Input tokens in a window.</summary>
    InputTokens,

    /// <summary>Output tokens in a window.</summary>
    OutputTokens,

    /// <summary>Input and output tokens in a window.</summary>
    Tokens,

    /// <summary>Requests under way at once.</summary>
    Concurrent,
}
