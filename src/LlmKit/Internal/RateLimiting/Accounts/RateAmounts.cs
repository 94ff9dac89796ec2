namespace LlmKit.Internal.RateLimiting.Accounts;

/// <summary>What may pass a limit in each window; <see langword="null"/> for what it does not limit.</summary>
internal readonly record struct RateAmounts(long? Requests, long? InputTokens, long? OutputTokens, long? Tokens, long? Concurrent);
