namespace LlmKit.Models;

/// <summary>What a usage costs, by what it is made of: input that no cache held, what was written to the provider's cache, what was read from it, output.</summary>
/// <param name="Input">Input that the cache had no part in.</param>
/// <param name="CacheWrite">Input that was written to the cache.</param>
/// <param name="CachedInput">Input that was read from the cache.</param>
/// <param name="Output">Output, reasoning included.</param>
internal readonly record struct CostParts(Money Input, Money CacheWrite, Money CachedInput, Money Output)
{
    public static CostParts Zero => default;

    public static CostParts operator +(CostParts left, CostParts right) =>
        new(left.Input + right.Input, left.CacheWrite + right.CacheWrite, left.CachedInput + right.CachedInput, left.Output + right.Output);
}
