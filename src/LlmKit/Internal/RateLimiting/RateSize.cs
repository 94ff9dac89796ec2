namespace LlmKit.Internal.RateLimiting;

/// <summary>How large a request is.</summary>
/// <param name="Input">The input tokens.</param>
/// <param name="Output">The output tokens.</param>
internal readonly record struct RateSize(long Input, long Output)
{
    /// <summary>Gives what it takes of a kind that is limited for each window.</summary>
    public long Of(RateLimitKind kind) => kind switch
    {
        RateLimitKind.Requests => 1,
        RateLimitKind.InputTokens => Input,
        RateLimitKind.OutputTokens => Output,
        _ => Input + Output,
    };
}
