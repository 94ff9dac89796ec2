using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit;

/// <summary>What a model's tokens cost, in USD per million tokens.</summary>
/// <remarks>
/// Immutable. Cached input, cache writes and reasoning are parts of input and output: each token is charged once, at its own rate where
/// one is given and at the rate of its whole otherwise. With tiers, the whole request is charged at the rates of the highest tier whose
/// input size it exceeds, as the providers do.
/// </remarks>
public sealed record ModelPrice
{
    private readonly Rates _rates;
    private readonly (long Above, Rates Rates)[] _tiers = [];

    /// <summary>Creates a price.</summary>
    /// <param name="inputPerMillion">USD per million input tokens; 0 or more.</param>
    /// <param name="outputPerMillion">USD per million output tokens; 0 or more.</param>
    /// <param name="cachedInputPerMillion">USD per million input tokens that the provider read from its prompt cache; <see langword="null"/> charges them as input.</param>
    /// <param name="cacheWritePerMillion">USD per million input tokens written to the provider's prompt cache; <see langword="null"/> charges them as input.</param>
    /// <param name="reasoningPerMillion">USD per million reasoning tokens; <see langword="null"/> charges them as output.</param>
    /// <param name="tiers">Other rates for large inputs.</param>
    /// <exception cref="ArgumentOutOfRangeException">A price is negative.</exception>
    public ModelPrice(
        decimal inputPerMillion,
        decimal outputPerMillion,
        decimal? cachedInputPerMillion = null,
        decimal? cacheWritePerMillion = null,
        decimal? reasoningPerMillion = null,
        IReadOnlyList<PriceTier>? tiers = null)
    {
        InputPerMillion = NotNegative(inputPerMillion);
        OutputPerMillion = NotNegative(outputPerMillion);
        CachedInputPerMillion = NotNegative(cachedInputPerMillion);
        CacheWritePerMillion = NotNegative(cacheWritePerMillion);
        ReasoningPerMillion = NotNegative(reasoningPerMillion);
        Tiers = tiers is null ? [] : [.. tiers.OrderBy(tier => tier.AboveInputTokens)];
        _rates = new(inputPerMillion, outputPerMillion, cachedInputPerMillion, cacheWritePerMillion, reasoningPerMillion);
        _tiers = [.. Tiers.Select(tier => (tier.AboveInputTokens, new Rates(
            NotNegative(tier.InputPerMillion), NotNegative(tier.OutputPerMillion), NotNegative(tier.CachedInputPerMillion), NotNegative(tier.CacheWritePerMillion), reasoningPerMillion is null ? null : tier.OutputPerMillion)))];
        Version = VersionOf(_rates, _tiers);
    }

    /// <summary>Gets the price of a model that costs nothing, such as one you host yourself.</summary>
    public static ModelPrice Free { get; } = new(0, 0);

    /// <summary>Gets USD per million input tokens.</summary>
    public decimal InputPerMillion { get; }

    /// <summary>Gets USD per million output tokens.</summary>
    public decimal OutputPerMillion { get; }

    /// <summary>Gets USD per million input tokens read from the provider's prompt cache.</summary>
    public decimal? CachedInputPerMillion { get; }

    /// <summary>Gets USD per million input tokens written to the provider's prompt cache.</summary>
    public decimal? CacheWritePerMillion { get; }

    /// <summary>Gets USD per million reasoning tokens.</summary>
    public decimal? ReasoningPerMillion { get; }

    /// <summary>Gets the rates for large inputs, by growing size.</summary>
    public IReadOnlyList<PriceTier> Tiers { get; }

    /// <summary>Gets what tells this price from others: a short hash of all its rates, which is on record with each attempt that was charged by it.</summary>
    /// <value>Eight hexadecimal digits; the same for the same rates, wherever they come from.</value>
    public string Version { get; }

    /// <summary>Gets the day on which the price was read from its source; <see langword="null"/> when you gave it yourself.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Gets where the price was read.</summary>
    public string? Source { get; init; }

    /// <summary>Gets the cost of a usage, in USD, exactly.</summary>
    /// <param name="usage">The tokens.</param>
    /// <returns>0 or more.</returns>
    public decimal CostOf(TokenUsage usage) => Cost(usage).ToUsd();

    /// <summary>Gets the dearest of all its rates, in USD per million tokens.</summary>
    internal decimal DearestPerMillion => Tiers
        .SelectMany(tier => new[] { tier.InputPerMillion, tier.OutputPerMillion, tier.CachedInputPerMillion ?? 0, tier.CacheWritePerMillion ?? 0 })
        .Concat([InputPerMillion, OutputPerMillion, CachedInputPerMillion ?? 0, CacheWritePerMillion ?? 0, ReasoningPerMillion ?? 0])
        .Max();

    internal Money Cost(in TokenUsage usage)
    {
        var parts = PartsOf(usage);
        return parts.Input + parts.CacheWrite + parts.CachedInput + parts.Output;
    }

    /// <summary>Gets what the cost of a usage is made of.</summary>
    internal CostParts PartsOf(in TokenUsage usage)
    {
        var rates = RatesFor(usage.Input);
        var plainInput = usage.Input - usage.CachedInput - usage.CacheWrite;
        return new(
            rates.Input * plainInput,
            rates.CacheWrite * usage.CacheWrite,
            rates.CachedInput * usage.CachedInput,
            rates.Output * (usage.Output - usage.Reasoning) + rates.Reasoning * usage.Reasoning);
    }

    /// <summary>The most that so many tokens can cost, whatever part of them is cached, written or reasoning.</summary>
    internal Money WorstCase(long inputTokens, long outputTokens) =>
        RatesFor(inputTokens).DearestInput * inputTokens + RatesFor(inputTokens).DearestOutput * outputTokens;

    /// <summary>How many output tokens an amount pays for beside an input; <see cref="long.MaxValue"/> when output is free.</summary>
    internal long AffordableOutput(Money amount, long inputTokens)
    {
        var rates = RatesFor(inputTokens);
        var left = amount - rates.DearestInput * inputTokens;
        return left < Money.Zero ? -1 : rates.DearestOutput == Money.Zero ? long.MaxValue : left.TokensAt(rates.DearestOutput);
    }

    private Rates RatesFor(long inputTokens)
    {
        var rates = _rates;
        foreach (var (above, tier) in _tiers)
        {
            if (inputTokens > above)
                rates = tier;
        }

        return rates;
    }

    private static string VersionOf(Rates rates, (long Above, Rates Rates)[] tiers)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{rates}") + string.Concat(tiers.Select(tier => string.Create(CultureInfo.InvariantCulture, $";{tier.Above}:{tier.Rates}")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 4));
    }

    private static decimal NotNegative(decimal price) => price >= 0 ? price
        : throw new ArgumentOutOfRangeException(nameof(price), price, $"The price '{price}' is negative. Give USD per million tokens, or ModelPrice.Free.");

    private static decimal? NotNegative(decimal? price) => price is { } value ? NotNegative(value) : null;

    private readonly record struct Rates(Money Input, Money Output, Money CachedInput, Money CacheWrite, Money Reasoning)
    {
        public Rates(decimal input, decimal output, decimal? cached, decimal? write, decimal? reasoning)
            : this(PerToken(input), PerToken(output), PerToken(cached ?? input), PerToken(write ?? input), PerToken(reasoning ?? output))
        {
        }

        public Money DearestInput => CacheWrite > Input ? CacheWrite : Input;

        public Money DearestOutput => Reasoning > Output ? Reasoning : Output;

        private static Money PerToken(decimal perMillion) => Money.FromUsd(perMillion / 1_000_000m);
    }
}
