using System.Runtime.CompilerServices;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger.Memory;

/// <summary>The ledger of one process. What it holds is lost with the process.</summary>
/// <remarks>
/// Thread-safe: one lock, held for a few dictionary look-ups. Accounts that are empty, or whose window has ended, are dropped as the
/// ledger grows; a lost reservation is forgotten a day after its lease ran out.
/// </remarks>
internal sealed class InMemoryBudgetLedger(TimeProvider time) : IBudgetLedger
{
    private const int FirstSweep = 1_024;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenSweeps = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan KeepLate = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<BudgetAccount, LedgerAccount> _accounts = [];
    private readonly Dictionary<long, LedgerReservation> _reservations = [];
    private long _lastReservation;
    private DateTimeOffset _nextSweep;
    private int _dropAt = FirstSweep;

    /// <summary>Gets the number of reservations that wait for their settlement, lost ones included.</summary>
    public int OpenReservations
    {
        get
        {
            lock (_lock)
                return _reservations.Count;
        }
    }

    /// <summary>Gets the number of accounts.</summary>
    public int Accounts
    {
        get
        {
            lock (_lock)
                return _accounts.Count;
        }
    }

    public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, DateTimeOffset at, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            SettleLost(time.GetUtcNow());
            return new(_accounts.TryGetValue(account, out var known) ? BalanceOf(known, at) : default);
        }
    }

    public ValueTask<IReadOnlyList<AccountStanding>?> ListAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            SettleLost(time.GetUtcNow());
            var standings = new List<AccountStanding>(_accounts.Count);
            foreach (var (account, known) in _accounts)
                standings.Add(StandingOf(account, known, at));
            return new(standings);
        }
    }

    public ValueTask<Expense?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, DateTimeOffset at, CancellationToken cancellationToken)
    {
        Expense? least = null;
        lock (_lock)
        {
            foreach (ref readonly var charge in charges.Span)
            {
                if (!charge.Enforce)
                    continue;
                var left = _accounts.TryGetValue(charge.Account, out var account) ? Expense.Left(charge.Limit, account.SpentAt(at) + account.Reserved) : charge.Limit;
                least = least is { } other ? Expense.Least(left, other) : left;
            }
        }

        return new(least);
    }

    public ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Expense amount, DateTimeOffset at, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var few = default(FewAccounts);
        var accounts = charges.Length <= FewAccounts.Most ? few[..charges.Length] : new LedgerAccount?[charges.Length];
        lock (_lock)
        {
            var now = time.GetUtcNow();
            SettleLost(now);
            var over = FirstOver(charges.Span, accounts, amount, at);
            if (over < 0)
                return new(new ReserveResult(Hold(charges.Span, accounts, amount, at, now), over, default));
            var account = accounts[over];
            var stood = account is null ? default : BalanceOf(account, at);
            var reservation = charges.Span[over].Enforce ? 0 : Hold(charges.Span, accounts, amount, at, now);
            return new(new ReserveResult(reservation, over, stood, account?.FreesAt(at)));
        }
    }

    public void Renew(long reservation, Expense estimate)
    {
        lock (_lock)
        {
            if (!_reservations.TryGetValue(reservation, out var held) || held.IsLost)
                return;
            held.Renew(time.GetUtcNow() + Lease, estimate);
        }
    }

    public void Settle(long reservation, Expense actual)
    {
        lock (_lock)
        {
            if (_reservations.Remove(reservation, out var held))
                held.Settle(actual);
        }
    }

    /// <summary>Books what was spent before this ledger began.</summary>
    public void Book(BudgetAccount account, Expense spent, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (!_accounts.TryGetValue(account, out var known))
                known = Open(account, time.GetUtcNow(), since: DateTimeOffset.MinValue);
            known.Book(spent, at);
        }
    }

    /// <summary>Gives what is spent on each account whose window has not ended, by the moments that matter for it.</summary>
    public List<(BudgetAccount Account, DateTimeOffset At, Expense Spent)> Balances()
    {
        lock (_lock)
        {
            DropAccounts(time.GetUtcNow() - KeepLate);
            return [.. _accounts.SelectMany(pair => pair.Value.Booked(), (pair, booked) => (pair.Key, booked.At, booked.Spent))];
        }
    }

    private static BudgetBalance BalanceOf(LedgerAccount account, DateTimeOffset at) => new(account.SpentAt(at), account.Reserved);

    private static AccountStanding StandingOf(in BudgetAccount account, LedgerAccount known, DateTimeOffset at) => new(account, BalanceOf(known, at))
    {
        Since = known.Since > 0 ? new(known.Since, TimeSpan.Zero) : null,
        Recent = known.RecentAt(at),
        RecentSince = RecentSpend.BeginningAt(at),
    };

    /// <summary>Finds the accounts there are, and the charge that refuses the amount; else the first one that would.</summary>
    private int FirstOver(ReadOnlySpan<BudgetCharge> charges, Span<LedgerAccount?> accounts, Expense amount, DateTimeOffset at)
    {
        var over = -1;
        for (var i = 0; i < charges.Length; i++)
        {
            ref readonly var charge = ref charges[i];
            var taken = _accounts.TryGetValue(charge.Account, out accounts[i]) ? accounts[i]!.SpentAt(at) + accounts[i]!.Reserved : Expense.None;
            if (amount.Fits(taken, charge.Limit))
                continue;
            if (charge.Enforce)
                return i;
            over = over < 0 ? i : over;
        }

        return over;
    }

    private long Hold(ReadOnlySpan<BudgetCharge> charges, Span<LedgerAccount?> accounts, Expense amount, DateTimeOffset at, DateTimeOffset now)
    {
        for (var i = 0; i < accounts.Length; i++)
            accounts[i] ??= Open(charges[i].Account, now, since: now);
        _reservations.Add(++_lastReservation, new(accounts!, amount, at, now + Lease));
        return _lastReservation;
    }

    private LedgerAccount Open(in BudgetAccount account, DateTimeOffset now, DateTimeOffset since)
    {
        if (_accounts.Count >= _dropAt)
            DropAccounts(now - KeepLate);
        return _accounts[account] = LedgerAccount.For(account, since);
    }

    private void DropAccounts(DateTimeOffset endedBefore)
    {
        foreach (var (account, balance) in _accounts)
        {
            if (balance.Open == 0 && (balance.IsEmpty || balance.IsOver(account, endedBefore)))
                _accounts.Remove(account);
        }

        _dropAt = Math.Max(FirstSweep, _accounts.Count * 2);
    }

    /// <summary>An attempt that nobody renews or settles is lost: its estimate is booked, and corrected should its settlement come after all.</summary>
    private void SettleLost(DateTimeOffset now)
    {
        if (now < _nextSweep)
            return;
        _nextSweep = now + BetweenSweeps;
        foreach (var (id, held) in _reservations)
        {
            if (!held.HasExpired(now))
                continue;
            if (held.IsLost && _reservations.Remove(id))
            {
                held.Forget();
                continue;
            }

            held.Lose(forget: now + KeepLate);
            BudgetTelemetry.Lost();
        }
    }

    /// <summary>Room for the accounts of a reservation while it is made.</summary>
    [InlineArray(Most)]
    private struct FewAccounts
    {
        public const int Most = 8;

        private LedgerAccount? _account;
    }
}
