using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger;

/// <summary>Keeps what was spent and what is reserved, in money and tokens. One for a container: limits of one name share their spend.</summary>
/// <remarks>
/// A call belongs to the window in which it started: calendar windows are different accounts, and a rolling one counts what calls used up
/// that started no longer before this one than it is long, to a sixtieth of its length, on the safe side.
/// Implementations are thread-safe. For every account and at every instant, spent and reserved together stay within an enforced limit,
/// except by a settlement above its own reservation, which is recorded in full. Register another one before <c>UseBudget</c> to take
/// the place of the in-memory ledger, whose spend is lost with the process.
/// </remarks>
public interface IBudgetLedger
{
    /// <summary>Gets whether what was spent outlives the process.</summary>
    bool IsDurable => false;

    /// <summary>Gets whether several processes share what was spent.</summary>
    bool IsShared => false;

    /// <summary>Reads how an account stands.</summary>
    /// <param name="account">The account.</param>
    /// <param name="at">The moment at which a rolling window ends.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The balance; zero for an account that nothing was ever reserved on.</returns>
    ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Lists the accounts that anything was reserved or booked on, for reports to those who run the service.</summary>
    /// <remarks>It may hold up reservations while it copies: a moment for some thousands of accounts.</remarks>
    /// <param name="at">The moment at which rolling windows end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The accounts in any order, those of windows that are over perhaps among them; <see langword="null"/>, as by default, from a ledger that cannot list them.</returns>
    ValueTask<IReadOnlyList<AccountStanding>?> ListAsync(DateTimeOffset at, CancellationToken cancellationToken) => new((IReadOnlyList<AccountStanding>?)null);

    /// <summary>Says how much would fit, before it is known how much will be asked for.</summary>
    /// <param name="charges">The accounts and their limits; not to be kept beyond the task's end.</param>
    /// <param name="at">When the call started.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The least that any enforced limit leaves, below 0 when one is overdrawn; <see langword="null"/> when none is enforced.</returns>
    ValueTask<Expense?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Reserves an amount on all accounts or on none. Money or tokens of 0 always fit: what is free is never refused.</summary>
    /// <param name="charges">The accounts, each once, and their limits; not to be kept beyond the task's end.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="at">When the call started.</param>
    /// <param name="cancellationToken">Ends the wait; nothing stays reserved then.</param>
    /// <returns>The reservation, or the charge that refuses it.</returns>
    ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Expense amount, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Says that a reservation's attempt still lives. One that is not renewed for its lease is settled at the estimate given last, or in full.</summary>
    /// <remarks>Called while an answer streams, so it must not wait: a ledger out of process notes it and goes on.</remarks>
    /// <param name="reservation">The reservation.</param>
    /// <param name="estimate">What the attempt has used up so far.</param>
    void Renew(long reservation, Expense estimate);

    /// <summary>Books the real cost in place of the reservation, once; also when the lease has run out since.</summary>
    /// <remarks>Called when an answer has ended, also from a finaliser, so it must not wait: a ledger out of process notes it and goes on.</remarks>
    /// <param name="reservation">The reservation.</param>
    /// <param name="actual">What was used up; nothing releases the reservation.</param>
    void Settle(long reservation, Expense actual);
}
