using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Models;

namespace LlmKit.Tests.Support;

/// <summary>A ledger that answers a reservation only when it is told to, and then makes it all the same.</summary>
internal sealed class SlowBudgetLedger(InMemoryBudgetLedger memory) : IBudgetLedger
{
    private readonly TaskCompletionSource _go = new();

    public TaskCompletionSource Asked { get; } = new();

    public void Go() => _go.SetResult();

    public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, DateTimeOffset at, CancellationToken cancellationToken) => memory.ReadAsync(account, at, cancellationToken);

    public ValueTask<Expense?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, DateTimeOffset at, CancellationToken cancellationToken) => memory.HeadroomAsync(charges, at, cancellationToken);

    public async ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Expense amount, DateTimeOffset at, CancellationToken cancellationToken)
    {
        Asked.TrySetResult();
        await _go.Task;
        return await memory.ReserveAsync(charges, amount, at, CancellationToken.None);
    }

    public void Renew(long reservation, Expense estimate) => memory.Renew(reservation, estimate);

    public void Settle(long reservation, Expense actual) => memory.Settle(reservation, actual);
}
