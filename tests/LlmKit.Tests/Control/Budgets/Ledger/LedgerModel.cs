using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;

namespace LlmKit.Tests.Control.Budgets.Ledger;

/// <summary>What a ledger should do, said as plainly as possible: lists of everything that happened, added up anew each time.</summary>
internal sealed class LedgerModel
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private readonly List<Entry> _entries = [];
    private DateTimeOffset _nextSweep;

    public IEnumerable<Entry> Open => _entries.Where(entry => entry.Actual is null && !entry.IsForgotten);

    public BudgetBalance Balance(BudgetAccount account, DateTimeOffset at)
    {
        var entries = _entries.Where(entry => entry.Accounts.Contains(account)).ToList();
        var spent = entries.Where(entry => Counts(account, entry.At, at)).Aggregate(Expense.None, (sum, entry) => sum + entry.Booked);
        var reserved = entries.Where(entry => entry is { Actual: null, IsLost: false }).Aggregate(Expense.None, (sum, entry) => sum + entry.Amount);
        return new(spent, reserved);
    }

    public Entry? Reserve(IReadOnlyList<BudgetCharge> charges, Expense amount, DateTimeOffset at, DateTimeOffset now)
    {
        Sweep(now);
        foreach (var charge in charges.Where(charge => charge.Enforce))
        {
            var taken = Balance(charge.Account, at).Taken;
            if ((amount.Money > Money.Zero && taken.Money + amount.Money > charge.Limit.Money) || (amount.Tokens > 0 && taken.Tokens + amount.Tokens > charge.Limit.Tokens))
                return null;
        }

        var entry = new Entry([.. charges.Select(charge => charge.Account)], amount, at) { Expires = now + Lease };
        _entries.Add(entry);
        return entry;
    }

    public static void Renew(Entry entry, Expense estimate, DateTimeOffset now)
    {
        if (entry is not { Actual: null, IsLost: false })
            return;
        entry.Expires = now + Lease;
        entry.Estimate = estimate;
    }

    public static void Settle(Entry entry, Expense actual)
    {
        if (entry is { Actual: null, IsForgotten: false })
            entry.Actual = actual;
    }

    /// <summary>Looks once a minute at most, as the ledger says it does.</summary>
    public void Sweep(DateTimeOffset now)
    {
        if (now < _nextSweep)
            return;
        _nextSweep = now + TimeSpan.FromMinutes(1);
        foreach (var entry in Open.Where(entry => entry.Expires <= now).ToList())
        {
            if (entry.IsLost)
                entry.IsForgotten = true;
            (entry.IsLost, entry.Expires) = (true, now + TimeSpan.FromDays(1));
        }
    }

    private static bool Counts(BudgetAccount account, DateTimeOffset spentAt, DateTimeOffset at) =>
        account.Rolling == TimeSpan.Zero || spentAt.UtcTicks / (account.Rolling.Ticks / 60) >= at.UtcTicks / (account.Rolling.Ticks / 60) - 60;

    public sealed class Entry(BudgetAccount[] accounts, Expense amount, DateTimeOffset at)
    {
        public BudgetAccount[] Accounts => accounts;

        public Expense Amount => amount;

        public DateTimeOffset At => at;

        public long Id { get; set; }

        public required DateTimeOffset Expires { get; set; }

        public Expense? Estimate { get; set; }

        public Expense? Actual { get; set; }

        public bool IsLost { get; set; }

        public bool IsForgotten { get; set; }

        public Expense Booked => Actual ?? (IsLost ? Estimate ?? amount : Expense.None);
    }
}
