namespace LlmKit.Simulator.Metering;

/// <summary>What a model's tokens cost, in USD per million tokens.</summary>
/// <param name="Input">A million input tokens that were neither read from the prompt cache nor written to it.</param>
/// <param name="Output">A million output tokens, reasoning included.</param>
/// <param name="CachedInput">A million input tokens read from the prompt cache; <see langword="null"/> means the price of input.</param>
/// <param name="CacheWrites">A million input tokens written to the prompt cache; <see langword="null"/> means the price of input.</param>
public readonly record struct TokenPrices(decimal Input, decimal Output, decimal? CachedInput = null, decimal? CacheWrites = null)
{
    /// <summary>Gives the cost of a number of tokens; every token is charged once, at the rate of its part.</summary>
    /// <param name="tokens">The tokens.</param>
    /// <returns>USD, not rounded.</returns>
    public decimal CostOf(TokenCounts tokens)
    {
        var plain = tokens.Input - tokens.CachedInput - tokens.CacheWrites;
        return (plain * Input
            + tokens.CachedInput * (CachedInput ?? Input)
            + tokens.CacheWrites * (CacheWrites ?? Input)
            + tokens.Output * Output) / 1_000_000m;
    }
}
