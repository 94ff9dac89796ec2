namespace LlmKit.Models;

/// <summary>What a usage costs, by what it is made of: input that no cache held, input from the provider's cache, output.</summary>
/// <param name="Input">Input, what was written to the cache included.</param>
/// <param name="CachedInput">Input that was read from the cache.</param>
/// <param name="Output">Output, reasoning included.</param>
internal readonly record struct CostParts(Money Input, Money CachedInput, Money Output)
{
    public static CostParts Zero => default;

    public static CostParts operator +(CostParts left, CostParts right) =>
        new(left.Input + right.Input, left.CachedInput + right.CachedInput, left.Output + right.Output);
}
