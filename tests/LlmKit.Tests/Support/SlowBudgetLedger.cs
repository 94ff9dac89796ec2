using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;

namespace LlmKit.Tests.Support;

/// <summary>A ledger that answers a reservation only when it is told to, and then makes it all the same.</summary>
internal sealed class SlowBudgetLedger(InMemoryBudgetLedger memory) : IBudgetLedger
{
    private readonly TaskCompletionSource _go = new();

    public TaskCompletionSource Asked { get; } = new();

    public void Go() => _go.SetResult();

    public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, CancellationToken cancellationToken) => memory.ReadAsync(account, cancellationToken);

    public ValueTask<Money?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, CancellationToken cancellationToken) => memory.HeadroomAsync(charges, cancellationToken);

    public async ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Money amount, CancellationToken cancellationToken)
    {
        Asked.TrySetResult();
        await _go.Task;
        return await memory.ReserveAsync(charges, amount, CancellationToken.None);
    }

    public void Renew(long reservation, Money estimate) => memory.Renew(reservation, estimate);

    public void Settle(long reservation, Money actual) => memory.Settle(reservation, actual);
}
