using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger;

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
    private readonly Dictionary<BudgetAccount, Balance> _accounts = [];
    private readonly Dictionary<long, Reservation> _reservations = [];
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

    public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            SettleLost(time.GetUtcNow());
            return new(_accounts.TryGetValue(account, out var balance) ? new(balance.Spent, balance.Reserved) : default(BudgetBalance));
        }
    }

    public ValueTask<Money?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, CancellationToken cancellationToken)
    {
        Money? least = null;
        lock (_lock)
        {
            foreach (ref readonly var charge in charges.Span)
            {
                if (!charge.Enforce)
                    continue;
                var left = _accounts.TryGetValue(charge.Account, out var balance) ? charge.Limit - balance.Taken : charge.Limit;
                if (least is null || left < least)
                    least = left;
            }
        }

        return new(least);
    }

    public ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Money amount, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var balances = new Balance?[charges.Length];
        lock (_lock)
        {
            var now = time.GetUtcNow();
            SettleLost(now);
            var over = FirstOver(charges.Span, balances, amount);
            var stood = over >= 0 && balances[over] is { } balance ? new BudgetBalance(balance.Spent, balance.Reserved) : default;
            return new(over >= 0 && charges.Span[over].Enforce
                ? new(0, over, stood)
                : new ReserveResult(Hold(charges.Span, balances, amount, now), over, stood));
        }
    }

    public void Renew(long reservation, Money estimate)
    {
        lock (_lock)
        {
            if (!_reservations.TryGetValue(reservation, out var held) || held.IsLost)
                return;
            held.Expires = (time.GetUtcNow() + Lease).UtcTicks;
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
                balance.Open--;
                balance.Spent += held.IsLost ? actual - held.Estimate : actual;
                if (!held.IsLost)
                    balance.Reserved -= held.Amount;
            }
        }
    }

    /// <summary>Finds the accounts there are, and the charge that refuses the amount; else the first one that would.</summary>
    private int FirstOver(ReadOnlySpan<BudgetCharge> charges, Balance?[] balances, Money amount)
    {
        var over = -1;
        for (var i = 0; i < charges.Length; i++)
        {
            ref readonly var charge = ref charges[i];
            var taken = _accounts.TryGetValue(charge.Account, out balances[i]) ? balances[i]!.Taken : Money.Zero;
            if (amount == Money.Zero || taken + amount <= charge.Limit)
                continue;
            if (charge.Enforce)
                return i;
            over = over < 0 ? i : over;
        }

        return over;
    }

    private long Hold(ReadOnlySpan<BudgetCharge> charges, Balance?[] balances, Money amount, DateTimeOffset now)
    {
        for (var i = 0; i < balances.Length; i++)
        {
            var balance = balances[i] ??= Open(charges[i].Account, now);
            balance.Open++;
            balance.Reserved += amount;
        }

        _reservations.Add(++_lastReservation, new() { Balances = balances!, Amount = amount, Estimate = amount, Expires = (now + Lease).UtcTicks });
        return _lastReservation;
    }

    private Balance Open(in BudgetAccount account, DateTimeOffset now)
    {
        if (_accounts.Count >= _dropAt)
            DropAccounts(DateOnly.FromDateTime((now - KeepLate).UtcDateTime));
        return _accounts[account] = new();
    }

    private void DropAccounts(DateOnly endedBefore)
    {
        foreach (var (account, balance) in _accounts)
        {
            if (balance.Open == 0 && (account.Until < endedBefore || balance.Spent == Money.Zero))
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
            if (held.Expires > now.UtcTicks)
                continue;
            if (!held.IsLost)
                Lose(held, now);
            else if (_reservations.Remove(id))
                Forget(held);
        }
    }

    private static void Lose(Reservation held, DateTimeOffset now)
    {
        held.IsLost = true;
        held.Expires = (now + KeepLate).UtcTicks;
        foreach (var balance in held.Balances)
        {
            balance.Reserved -= held.Amount;
            balance.Spent += held.Estimate;
        }

        BudgetTelemetry.Lost();
    }

    private static void Forget(Reservation held)
    {
        foreach (var balance in held.Balances)
            balance.Open--;
    }

    private sealed class Balance
    {
        public Money Spent { get; set; }

        public Money Reserved { get; set; }

        public Money Taken => Spent + Reserved;

        /// <summary>Gets or sets how many reservations still refer to the account.</summary>
        public int Open { get; set; }
    }

    private sealed class Reservation
    {
        public required Balance[] Balances { get; init; }

        public required Money Amount { get; init; }

        /// <summary>Gets or sets when nobody answers for it any more, in ticks, UTC.</summary>
        public required long Expires { get; set; }

        /// <summary>Gets or sets what is booked should it be lost: the whole amount until somebody knows better.</summary>
        public required Money Estimate { get; set; }

        public bool IsLost { get; set; }
    }
}
