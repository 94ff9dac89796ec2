using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Models;

namespace LlmKit.Tests.Support;

/// <summary>A ledger whose store is down for some of its operations; the others are those of the ledger behind it.</summary>
internal sealed class ThrowingBudgetLedger(InMemoryBudgetLedger memory, params string[] operations) : IBudgetLedger
{
    public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, DateTimeOffset at, CancellationToken cancellationToken) => memory.ReadAsync(account, at, cancellationToken);

    public ValueTask<Expense?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ThrowOn("headroom");
        return memory.HeadroomAsync(charges, at, cancellationToken);
    }

    public ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Expense amount, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ThrowOn("reserve");
        return memory.ReserveAsync(charges, amount, at, cancellationToken);
    }

    public void Renew(long reservation, Expense estimate)
    {
        ThrowOn("renew");
        memory.Renew(reservation, estimate);
    }

    public void Settle(long reservation, Expense actual)
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
