namespace LlmKit;

/// <summary>Rates that apply to a whole request once its input exceeds a size.</summary>
/// <param name="AboveInputTokens">The input size, in tokens, above which the tier applies.</param>
/// <param name="InputPerMillion">USD per million input tokens.</param>
/// <param name="OutputPerMillion">USD per million output tokens.</param>
/// <param name="CachedInputPerMillion">USD per million tokens read from the provider's prompt cache; <see langword="null"/> charges them as input.</param>
/// <param name="CacheWritePerMillion">USD per million tokens written to the provider's prompt cache; <see langword="null"/> charges them as input.</param>
public sealed record PriceTier(
    long AboveInputTokens,
    decimal InputPerMillion,
    decimal OutputPerMillion,
    decimal? CachedInputPerMillion = null,
    decimal? CacheWritePerMillion = null);
