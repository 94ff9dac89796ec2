using System.Runtime.CompilerServices;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger.Memory;

/// <summary>What is held on several accounts for one attempt. Not thread-safe: its ledger locks it.</summary>
internal sealed class LedgerReservation
{
    // Mostly there is one.
    private readonly LedgerAccount? _first;
    private readonly LedgerAccount[] _others;
    private readonly Expense _amount;
    private readonly long _at;
    private StrongBox<Expense>? _estimate;
    // When nobody answers for it any more, in ticks, UTC; below 0 once it is lost, and then when it may be forgotten.
    private long _expires;

    public LedgerReservation(ReadOnlySpan<LedgerAccount> accounts, Expense amount, DateTimeOffset at, DateTimeOffset expires)
    {
        _first = accounts.IsEmpty ? null : accounts[0];
        _others = accounts.Length > 1 ? accounts[1..].ToArray() : [];
        _amount = amount;
        _at = at.UtcTicks;
        _expires = expires.UtcTicks;
        for (var i = 0; i < Count; i++)
        {
            Account(i).Open++;
            Account(i).Reserve(amount);
        }
    }

    /// <summary>Gets whether its lease ran out: its estimate is booked, and corrected should its settlement come after all.</summary>
    public bool IsLost => _expires < 0;

    private int Count => _first is null ? 0 : 1 + _others.Length;

    /// <summary>Gets what is booked should it be lost: the whole amount until somebody knows better.</summary>
    private Expense Booked => _estimate?.Value ?? _amount;

    private DateTimeOffset At => new(_at, TimeSpan.Zero);

    public bool HasExpired(DateTimeOffset now) => Math.Abs(_expires) <= now.UtcTicks;

    /// <summary>Begins its lease anew, and sets what is booked should it be lost.</summary>
    public void Renew(DateTimeOffset expires, Expense estimate)
    {
        _expires = expires.UtcTicks;
        (_estimate ??= new()).Value = estimate;
    }

    public void Settle(Expense actual)
    {
        for (var i = 0; i < Count; i++)
        {
            var account = Account(i);
            account.Open--;
            account.Book(IsLost ? actual - Booked : actual, At);
            if (!IsLost)
                account.Release(_amount);
        }
    }

    /// <summary>Books the estimate in the place of the reservation, for which nobody answers any more.</summary>
    public void Lose(DateTimeOffset forget)
    {
        for (var i = 0; i < Count; i++)
        {
            Account(i).Release(_amount);
            Account(i).Book(Booked, At);
        }

        _expires = -forget.UtcTicks;
    }

    public void Forget()
    {
        for (var i = 0; i < Count; i++)
            Account(i).Open--;
    }

    private LedgerAccount Account(int index) => index == 0 ? _first! : _others[index - 1];
}
