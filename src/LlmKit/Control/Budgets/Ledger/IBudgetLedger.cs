using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger;

/// <summary>Keeps what was spent and what is reserved. One for a container: limits of one name share their spend.</summary>
/// <remarks>
/// Implementations are thread-safe. For every account and at every instant, spent and reserved together stay within an enforced limit,
/// except by a settlement above its own reservation, which is recorded in full. Register another one before <c>AddLlmPipeline</c> to
/// take the place of the in-memory ledger, whose spend is lost with the process.
/// </remarks>
public interface IBudgetLedger
{
    /// <summary>Reads how an account stands.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The balance; zero for an account that nothing was ever reserved on.</returns>
    ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, CancellationToken cancellationToken);

    /// <summary>Reserves an amount on all accounts or on none.</summary>
    /// <param name="charges">The accounts and their limits.</param>
    /// <param name="amount">The amount.</param>
    /// <param name="cancellationToken">Ends the wait; nothing stays reserved then.</param>
    /// <returns>The reservation, or the first charge that refuses it.</returns>
    ValueTask<ReserveResult> ReserveAsync(IReadOnlyList<BudgetCharge> charges, Money amount, CancellationToken cancellationToken);

    /// <summary>Says that a reservation's attempt still lives. One that is not renewed for its lease is settled at the estimate given last, or in full.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="estimate">What the attempt has cost so far.</param>
    void Renew(long reservation, Money estimate);

    /// <summary>Books the real cost in place of the reservation, once; also when the lease has run out since.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="actual">The cost; 0 releases the money.</param>
    void Settle(long reservation, Money actual);
}
