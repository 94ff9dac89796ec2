using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;

namespace LlmKit.Tests.Support;

/// <summary>A ledger whose store is down for some of its operations; the others are those of the ledger behind it.</summary>
internal sealed class ThrowingBudgetLedger(InMemoryBudgetLedger memory, params string[] operations) : IBudgetLedger
{
    public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, CancellationToken cancellationToken) => memory.ReadAsync(account, cancellationToken);

    public ValueTask<Money?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, CancellationToken cancellationToken)
    {
        ThrowOn("headroom");
        return memory.HeadroomAsync(charges, cancellationToken);
    }

    public ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Money amount, CancellationToken cancellationToken)
    {
        ThrowOn("reserve");
        return memory.ReserveAsync(charges, amount, cancellationToken);
    }

    public void Renew(long reservation, Money estimate)
    {
        ThrowOn("renew");
        memory.Renew(reservation, estimate);
    }

    public void Settle(long reservation, Money actual)
    {
        ThrowOn("settle");
        memory.Settle(reservation, actual);
    }

    private void ThrowOn(string operation)
    {
        if (operations.Contains(operation))
            throw new IOException("secret-host: connection refused");
    }
}
