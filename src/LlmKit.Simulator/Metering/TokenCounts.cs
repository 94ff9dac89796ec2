namespace LlmKit.Simulator.Metering;

/// <summary>Numbers of tokens, as the provider bills them.</summary>
/// <param name="Input">The tokens of the prompts, cached and cache-writing ones included.</param>
/// <param name="CachedInput">The part of <paramref name="Input"/> read from the provider's prompt cache.</param>
/// <param name="CacheWrites">The part of <paramref name="Input"/> written to the provider's prompt cache and charged for that (Anthropic).</param>
/// <param name="Output">The tokens of the answers, reasoning included.</param>
/// <param name="Reasoning">The part of <paramref name="Output"/> that was reasoning.</param>
public readonly record struct TokenCounts(long Input, long CachedInput, long CacheWrites, long Output, long Reasoning)
{
    /// <summary>Adds two numbers of tokens, part by part.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static TokenCounts operator +(TokenCounts left, TokenCounts right) => new(
        left.Input + right.Input,
        left.CachedInput + right.CachedInput,
        left.CacheWrites + right.CacheWrites,
        left.Output + right.Output,
        left.Reasoning + right.Reasoning);

    /// <summary>Adds two numbers of tokens, part by part.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static TokenCounts Add(TokenCounts left, TokenCounts right) => left + right;
}
