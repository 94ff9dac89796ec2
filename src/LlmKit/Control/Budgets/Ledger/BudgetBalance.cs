using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger;

/// <summary>How an account stands.</summary>
/// <param name="Spent">What was settled.</param>
/// <param name="Reserved">What is held for attempts that have not ended.</param>
public readonly record struct BudgetBalance(Expense Spent, Expense Reserved)
{
    /// <summary>Gets both together.</summary>
    public Expense Taken => Spent + Reserved;
}
