using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger;

/// <summary>The ledger of one process. What it holds is lost with the process.</summary>
/// <remarks>Thread-safe: one lock, held for a few dictionary look-ups. Accounts of windows that have ended are dropped as the ledger grows.</remarks>
internal sealed class InMemoryBudgetLedger(TimeProvider time) : IBudgetLedger
{
    private const int FirstSweep = 1_024;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan KeepAfterWindow = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<BudgetAccount, Balance> _accounts = [];
    private readonly Dictionary<long, Reservation> _reservations = [];
    private long _lastReservation;
    private int _sweepAt = FirstSweep;

    /// <summary>Gets the number of reservations that wait for their settlement.</summary>
    public int OpenReservations
    {
        get
        {
            lock (_lock)
                return _reservations.Count;
        }
    }

    public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            SettleExpired();
            return new(_accounts.TryGetValue(account, out var balance) ? new BudgetBalance(balance.Spent, balance.Reserved) : default(BudgetBalance));
        }
    }

    public ValueTask<ReserveResult> ReserveAsync(IReadOnlyList<BudgetCharge> charges, Money amount, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(charges);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var refused = FirstOver(charges, amount);
            if (refused >= 0 && SettleExpired())
                refused = FirstOver(charges, amount);
            if (refused >= 0)
            {
                var balance = BalanceOf(charges[refused].Account);
                return new(new ReserveResult(0, refused, new(balance.Spent, balance.Reserved)));
            }

            return new(new ReserveResult(Reserve(charges, amount), -1, default));
        }
    }

    public void Renew(long reservation, Money estimate)
    {
        lock (_lock)
        {
            if (!_reservations.TryGetValue(reservation, out var held) || held.Expired)
                return;
            held.Expires = time.GetUtcNow() + Lease;
            held.Estimate = estimate;
        }
    }

    public void Settle(long reservation, Money actual)
    {
        lock (_lock)
        {
            if (!_reservations.Remove(reservation, out var held))
                return;
            foreach (var balance in held.Balances)
            {
                balance.Spent += held.Expired ? actual - (held.Estimate ?? held.Amount) : actual;
                if (!held.Expired)
                    balance.Reserved -= held.Amount;
            }
        }
    }

    private int FirstOver(IReadOnlyList<BudgetCharge> charges, Money amount)
    {
        for (var i = 0; i < charges.Count; i++)
        {
            if (!charges[i].Enforce)
                continue;
            var taken = _accounts.TryGetValue(charges[i].Account, out var balance) ? balance.Spent + balance.Reserved : Money.Zero;
            if (taken + amount > charges[i].Limit)
                return i;
        }

        return -1;
    }

    private long Reserve(IReadOnlyList<BudgetCharge> charges, Money amount)
    {
        var balances = new Balance[charges.Count];
        for (var i = 0; i < balances.Length; i++)
        {
            balances[i] = BalanceOf(charges[i].Account);
            balances[i].Reserved += amount;
        }

        _reservations.Add(++_lastReservation, new() { Balances = balances, Amount = amount, Expires = time.GetUtcNow() + Lease });
        return _lastReservation;
    }

    private Balance BalanceOf(BudgetAccount account)
    {
        if (_accounts.TryGetValue(account, out var balance))
            return balance;
        if (_accounts.Count >= _sweepAt)
            DropEndedWindows();
        return _accounts[account] = new();
    }

    /// <summary>An attempt that nobody renews or settles is lost: its estimate is booked, and corrected should its settlement come after all.</summary>
    private bool SettleExpired()
    {
        var now = time.GetUtcNow();
        var any = false;
        foreach (var held in _reservations.Values)
        {
            if (held.Expired || held.Expires > now)
                continue;
            any = held.Expired = true;
            foreach (var balance in held.Balances)
            {
                balance.Reserved -= held.Amount;
                balance.Spent += held.Estimate ?? held.Amount;
            }
        }

        return any;
    }

    private void DropEndedWindows()
    {
        var before = time.GetUtcNow().UtcDateTime - KeepAfterWindow;
        foreach (var (account, balance) in _accounts)
        {
            if (account.WindowEnd < before && balance.Reserved == Money.Zero)
                _accounts.Remove(account);
        }

        _sweepAt = Math.Max(FirstSweep, _accounts.Count * 2);
    }

    private sealed class Balance
    {
        public Money Spent { get; set; }

        public Money Reserved { get; set; }
    }

    private sealed class Reservation
    {
        public required Balance[] Balances { get; init; }

        public required Money Amount { get; init; }

        public required DateTimeOffset Expires { get; set; }

        public Money? Estimate { get; set; }

        public bool Expired { get; set; }
    }
}
