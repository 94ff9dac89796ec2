namespace LlmKit.Control.Budgets.Ledger;

/// <summary>One account of a ledger: a limit, the value of its scope, a window.</summary>
/// <param name="Limit">The limit's name.</param>
/// <param name="Value">The tenant, user, feature or model; empty for a global limit.</param>
/// <param name="WindowStart">When the window began, UTC.</param>
/// <param name="WindowEnd">When the window ends, UTC; <see cref="DateTime.MaxValue"/> for never.</param>
public readonly record struct BudgetAccount(string Limit, string Value, DateTime WindowStart, DateTime WindowEnd);
