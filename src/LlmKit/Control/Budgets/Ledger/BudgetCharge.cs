using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger;

/// <summary>A limit to hold while reserving.</summary>
/// <param name="Account">The account.</param>
/// <param name="Limit">The most that may be spent and reserved on it together.</param>
/// <param name="Enforce">Whether going over refuses; otherwise it is counted and reported only.</param>
public readonly record struct BudgetCharge(BudgetAccount Account, Expense Limit, bool Enforce);
