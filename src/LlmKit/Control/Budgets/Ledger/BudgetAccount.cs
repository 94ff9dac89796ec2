namespace LlmKit.Control.Budgets.Ledger;

/// <summary>One account of a ledger: a limit, the value of its scope, a window.</summary>
/// <param name="Limit">The limit's name, in lower case.</param>
/// <param name="Scope">What shares the money.</param>
/// <param name="Value">The tenant, user, feature or model; empty for a global limit and for calls that do not say whose they are.</param>
/// <param name="WindowStart">When the window began, UTC; <see cref="DateTime.MinValue"/> for a limit for ever.</param>
/// <param name="WindowEnd">When the window ends, UTC; <see cref="DateTime.MaxValue"/> for never.</param>
public readonly record struct BudgetAccount(string Limit, BudgetScope Scope, string Value, DateTime WindowStart, DateTime WindowEnd);
