using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger.Memory;

/// <summary>What was spent and is reserved on one account. Not thread-safe: its ledger locks it.</summary>
internal class LedgerAccount
{
    private RecentSpend _recent;

    /// <summary>Gets when its first reservation was made, in ticks, UTC; 0 for one that is older than this ledger.</summary>
    public long Since { get; private init; }

    /// <summary>Gets what is held for attempts that have not ended.</summary>
    public Expense Reserved { get; private set; }

    /// <summary>Gets or sets how many reservations still refer to the account.</summary>
    public int Open { get; set; }

    protected Expense Spent { get; set; }

    /// <summary>Gets whether nothing was ever booked that still counts.</summary>
    public virtual bool IsEmpty => Spent == Expense.None;

    public static LedgerAccount For(in BudgetAccount account, DateTimeOffset since) =>
        account.Rolling > TimeSpan.Zero ? new RollingAccount(account.Rolling) { Since = since.UtcTicks } : new LedgerAccount { Since = since.UtcTicks };

    /// <summary>Gives what counts for a call that started at a moment.</summary>
    public virtual Expense SpentAt(DateTimeOffset at) => Spent;

    /// <summary>Gives what was booked, by the moments that matter for it.</summary>
    public virtual IEnumerable<(DateTimeOffset At, Expense Spent)> Booked() => [(default, Spent)];

    /// <summary>Gives what calls spent that started a short while before a moment.</summary>
    public Expense RecentAt(DateTimeOffset at) => _recent.SpentAt(at);

    /// <summary>Books what a call used up that started at a moment; less than nothing corrects what was booked.</summary>
    public void Book(Expense amount, DateTimeOffset at)
    {
        _recent.Book(amount, at);
        Add(amount, at);
    }

    /// <summary>Gives when something of what counts for a moment stops to; <see langword="null"/> for never.</summary>
    public virtual DateTimeOffset? FreesAt(DateTimeOffset at) => null;

    /// <summary>Whether nothing of it counts any more for calls from a moment on.</summary>
    public virtual bool IsOver(in BudgetAccount account, DateTimeOffset now) => account.Until < now;

    protected virtual void Add(Expense amount, DateTimeOffset at) => Spent += amount;

    public void Reserve(Expense amount) => Reserved += amount;

    public void Release(Expense amount) => Reserved -= amount;
}
