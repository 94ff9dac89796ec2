namespace LlmKit;

/// <summary>A part of a limit is spent that somebody wanted to hear of.</summary>
/// <param name="Limit">The limit's name.</param>
/// <param name="Scope">What shares the limit.</param>
/// <param name="Value">The tenant, user, feature, tag, model, provider or interaction whose account it is; empty for a limit for all.</param>
/// <param name="Part">The part of the limit that was reached, such as 0.8.</param>
public sealed record BudgetAlert(string Limit, BudgetScope Scope, string Value, double Part)
{
    /// <summary>Gets what was spent, in USD.</summary>
    public decimal Spent { get; init; }

    /// <summary>Gets the limit's amount, in USD; <see langword="null"/> for a limit on tokens only.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Gets the tokens that were spent.</summary>
    public long SpentTokens { get; init; }

    /// <summary>Gets the limit's tokens; <see langword="null"/> for a limit on money only.</summary>
    public long? Tokens { get; init; }

    /// <summary>Gets when the window ends; <see langword="null"/> for never, and for a rolling one.</summary>
    public DateTimeOffset? ResetsAt { get; init; }
}
