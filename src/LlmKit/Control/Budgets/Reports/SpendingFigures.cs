using LlmKit.Calls;

namespace LlmKit;

/// <summary>What calls came to and cost. Immutable; sums are exact.</summary>
public sealed record SpendingFigures
{
    /// <summary>Gets the calls, whatever their end. Calls that other calls make, such as judges, are not counted here; what they cost is.</summary>
    public long Calls { get; init; }

    /// <summary>Gets the calls that ended with an error, refusals among them.</summary>
    public long FailedCalls { get; init; }

    /// <summary>Gets the calls that a cache served.</summary>
    public long Hits { get; init; }

    /// <summary>Gets the calls that repeat an earlier one: equal in all that can change the answer, for the same tenant and user, within the repeat window after that one was answered well.</summary>
    /// <remarks>Requests that a cache does not serve either are never repeats: conversations that a provider keeps, rounds with tool results, what cannot be hashed.</remarks>
    public long Repeats { get; init; }

    /// <summary>Gets the attempts: requests that models got.</summary>
    public long Attempts { get; init; }

    /// <summary>Gets the attempts that failed or were left.</summary>
    public long FailedAttempts { get; init; }

    /// <summary>Gets the attempts whose tokens were estimated because the provider reported none.</summary>
    public long EstimatedAttempts { get; init; }

    /// <summary>Gets the attempts on models without any price, which cost 0 here and something there.</summary>
    public long UnpricedAttempts { get; init; }

    /// <summary>Gets the attempts that were charged at the declared fallback price.</summary>
    public long FallbackPricedAttempts { get; init; }

    /// <summary>Gets the tokens of all attempts.</summary>
    public TokenUsage Tokens { get; init; }

    /// <summary>Gets what all attempts cost, in USD.</summary>
    public decimal Cost { get; init; }

    /// <summary>Gets what the attempts of <see cref="Repeats"/> cost, in USD: what a cache that serves equal requests would have saved beyond the hits that there were.</summary>
    public decimal RepeatedCost { get; init; }

    /// <summary>Gets the repeats as a part of the calls, 0 to 1.</summary>
    public double RepeatRate => Calls == 0 ? 0 : (double)Repeats / Calls;

    /// <summary>Gets the hits as a part of the calls, 0 to 1.</summary>
    public double HitRate => Calls == 0 ? 0 : (double)Hits / Calls;

    /// <summary>Adds two.</summary>
    public static SpendingFigures operator +(SpendingFigures left, SpendingFigures right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new()
        {
            Calls = left.Calls + right.Calls,
            FailedCalls = left.FailedCalls + right.FailedCalls,
            Hits = left.Hits + right.Hits,
            Repeats = left.Repeats + right.Repeats,
            Attempts = left.Attempts + right.Attempts,
            FailedAttempts = left.FailedAttempts + right.FailedAttempts,
            EstimatedAttempts = left.EstimatedAttempts + right.EstimatedAttempts,
            UnpricedAttempts = left.UnpricedAttempts + right.UnpricedAttempts,
            FallbackPricedAttempts = left.FallbackPricedAttempts + right.FallbackPricedAttempts,
            Tokens = left.Tokens + right.Tokens,
            Cost = left.Cost + right.Cost,
            RepeatedCost = left.RepeatedCost + right.RepeatedCost,
        };
    }

    /// <summary>Adds two.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static SpendingFigures Add(SpendingFigures left, SpendingFigures right) => left + right;

    internal static SpendingFigures Sum(IEnumerable<SpendingFigures> all) => all.Aggregate(new SpendingFigures(), Add);
}
