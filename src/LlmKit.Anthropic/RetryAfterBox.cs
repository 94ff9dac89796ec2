namespace LlmKit.Anthropic;

/// <summary>What one call was told about coming back.</summary>
internal sealed class RetryAfterBox
{
    public string? RetryAfter { get; set; }

    public string? Milliseconds { get; set; }
}
