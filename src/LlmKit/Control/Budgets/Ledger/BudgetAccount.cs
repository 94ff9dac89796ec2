namespace LlmKit.Control.Budgets.Ledger;

/// <summary>One account of a ledger: a limit, the value of its scope, a window of whole days, UTC.</summary>
/// <param name="Limit">The limit's name, in lower case.</param>
/// <param name="Scope">What shares the money.</param>
/// <param name="Value">The tenant, user, feature or model; empty for a global limit and for calls that do not say whose they are.</param>
/// <param name="From">The window's first day; <see cref="DateOnly.MinValue"/> for a limit for ever.</param>
/// <param name="Until">The day on which the next window begins; <see cref="DateOnly.MaxValue"/> for never.</param>
public readonly record struct BudgetAccount(string Limit, BudgetScope Scope, string Value, DateOnly From, DateOnly Until)
{
    /// <inheritdoc/>
    // Limits are few and looked up for every attempt: their length tells most of them apart without reading their names.
    public override int GetHashCode() => HashCode.Combine(Value.GetHashCode(StringComparison.Ordinal), Limit.Length, Scope, From.DayNumber);
}
