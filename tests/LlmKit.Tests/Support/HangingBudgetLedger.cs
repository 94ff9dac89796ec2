using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Models;

namespace LlmKit.Tests.Support;

/// <summary>A ledger that is deaf and hangs in some of its operations, by their number, until it is let go; then it does them all the same.</summary>
internal sealed class HangingBudgetLedger(InMemoryBudgetLedger memory, Func<string, int, bool> hangs) : IBudgetLedger
{
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _headrooms;
    private int _reservations;
    private int _hanging;

    /// <summary>Gets how many operations hang, or were let go and are not done yet.</summary>
    public int Hanging => Volatile.Read(ref _hanging);

    public void Go() => _go.TrySetResult();

    public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, DateTimeOffset at, CancellationToken cancellationToken) => memory.ReadAsync(account, at, cancellationToken);

    public async ValueTask<Expense?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!hangs("headroom", Interlocked.Increment(ref _headrooms)))
            return await memory.HeadroomAsync(charges, at, CancellationToken.None);
        return await HangAsync(() => memory.HeadroomAsync(charges, at, CancellationToken.None));
    }

    public async ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Expense amount, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (!hangs("reserve", Interlocked.Increment(ref _reservations)))
            return await memory.ReserveAsync(charges, amount, at, CancellationToken.None);
        return await HangAsync(() => memory.ReserveAsync(charges, amount, at, CancellationToken.None));
    }

    public void Renew(long reservation, Expense estimate) => memory.Renew(reservation, estimate);

    public void Settle(long reservation, Expense actual) => memory.Settle(reservation, actual);

    private async Task<T> HangAsync<T>(Func<ValueTask<T>> operation)
    {
        Interlocked.Increment(ref _hanging);
        await _go.Task;
        var result = await operation();
        Interlocked.Decrement(ref _hanging);
        return result;
    }
}
