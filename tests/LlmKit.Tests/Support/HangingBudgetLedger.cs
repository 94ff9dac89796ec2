using LlmKit.Control.Budgets.Ledger;
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

    public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, CancellationToken cancellationToken) => memory.ReadAsync(account, cancellationToken);

    public async ValueTask<Money?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, CancellationToken cancellationToken)
    {
        if (!hangs("headroom", Interlocked.Increment(ref _headrooms)))
            return await memory.HeadroomAsync(charges, CancellationToken.None);
        return await HangAsync(() => memory.HeadroomAsync(charges, CancellationToken.None));
    }

    public async ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Money amount, CancellationToken cancellationToken)
    {
        if (!hangs("reserve", Interlocked.Increment(ref _reservations)))
            return await memory.ReserveAsync(charges, amount, CancellationToken.None);
        return await HangAsync(() => memory.ReserveAsync(charges, amount, CancellationToken.None));
    }

    public void Renew(long reservation, Money estimate) => memory.Renew(reservation, estimate);

    public void Settle(long reservation, Money actual) => memory.Settle(reservation, actual);

    private async Task<T> HangAsync<T>(Func<ValueTask<T>> operation)
    {
        Interlocked.Increment(ref _hanging);
        await _go.Task;
        var result = await operation();
        Interlocked.Decrement(ref _hanging);
        return result;
    }
}
