using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger;

/// <summary>One account of a ledger with what is known of its pace.</summary>
/// <param name="Account">The account.</param>
/// <param name="Balance">How it stands.</param>
public readonly record struct AccountStanding(BudgetAccount Account, BudgetBalance Balance)
{
    /// <summary>Gets since when what was spent on it is known; <see langword="null"/> when the ledger does not know, as after a restart.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Gets what calls spent that started no earlier than <see cref="RecentSince"/>.</summary>
    public Expense Recent { get; init; }

    /// <summary>Gets where the recent past begins, some minutes ago; <see langword="null"/> when the ledger does not keep it.</summary>
    public DateTimeOffset? RecentSince { get; init; }
}
