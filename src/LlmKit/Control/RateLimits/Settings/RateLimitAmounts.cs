namespace LlmKit;

/// <summary>How much a rate limit lets pass.</summary>
/// <remarks>Settings: change them only while the pipeline is being configured.</remarks>
public class RateLimitAmounts
{
    /// <summary>Gets or sets the calls in a window.</summary>
    /// <value>0 to 10,000,000,000; <see langword="null"/> by default: no limit.</value>
    public long? Requests { get; set; }

    /// <summary>Gets or sets the input tokens in a window.</summary>
    /// <value>0 to 10,000,000,000; <see langword="null"/> by default: no limit.</value>
    public long? InputTokens { get; set; }

    /// <summary>Gets or sets the output tokens in a window.</summary>
    /// <value>0 to 10,000,000,000; <see langword="null"/> by default: no limit.</value>
    public long? OutputTokens { get; set; }

    /// <summary>Gets or sets the tokens, input and output, in a window.</summary>
    /// <value>0 to 10,000,000,000; <see langword="null"/> by default: no limit.</value>
    public long? Tokens { get; set; }

    /// <summary>Gets or sets how many calls may be under way at once; a stream is until it ends.</summary>
    /// <value>0 to 10,000,000,000; <see langword="null"/> by default: no limit.</value>
    public long? Concurrent { get; set; }
}
