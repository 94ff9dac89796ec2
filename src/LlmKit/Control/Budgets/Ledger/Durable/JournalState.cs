using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger.Durable;

/// <summary>What a journal says in the end: what was spent on each account, by the moments at which calls started.</summary>
internal sealed class JournalState
{
    /// <summary>Gets what was spent, by account and moment.</summary>
    public Dictionary<(BudgetAccount Account, DateTimeOffset At), Expense> Spent { get; } = [];

    /// <summary>Gets or sets the largest number of a reservation.</summary>
    public long LastId { get; set; }

    /// <summary>Gets or sets how many reservations were never settled.</summary>
    public int Lost { get; set; }

    /// <summary>Gets or sets the bytes that hold whole records.</summary>
    public long Length { get; set; }

    /// <summary>Adds to what was spent. The moment matters for rolling windows only.</summary>
    public void Book(in BudgetAccount account, Expense amount, DateTimeOffset at)
    {
        var key = (account, account.Rolling > TimeSpan.Zero ? at : default);
        Spent[key] = Spent.GetValueOrDefault(key) + amount;
    }
}
