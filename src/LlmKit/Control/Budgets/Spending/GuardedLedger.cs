using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>A ledger that may be slow or down: waits a bounded time for it, and holds no money that nobody waits for any more.</summary>
internal sealed class GuardedLedger(IBudgetLedger ledger, TimeProvider time, ILogger logger)
{
    /// <summary>Gets the ledger itself, by which limits on one call know that they share it.</summary>
    public IBudgetLedger Ledger => ledger;

    /// <summary>Gives what the limits leave; <see langword="null"/> also when the ledger failed, for the reservation that follows meets the same ledger and decides what that means.</summary>
    public async ValueTask<Money?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            var reading = ledger.HeadroomAsync(charges, cancellationToken);
            return reading.IsCompletedSuccessfully ? reading.Result : await reading.AsTask().WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            BudgetTelemetry.LedgerFailed(logger, "read", exception);
            return null;
        }
    }

    /// <summary>Reserves, or throws what went wrong with the ledger.</summary>
    public ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Money amount, TimeSpan patience, CancellationToken cancellationToken)
    {
        var reserving = ledger.ReserveAsync(charges, amount, cancellationToken);
        return reserving.IsCompletedSuccessfully ? reserving : new(InTimeAsync(reserving.AsTask(), patience, cancellationToken));
    }

    public void Renew(long reservation, Money estimate)
    {
        try
        {
            ledger.Renew(reservation, estimate);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            BudgetTelemetry.LedgerFailed(logger, "renew", exception);
        }
    }

    /// <summary>Books a cost. The answer is there already: a ledger that fails now must not take it away.</summary>
    public void Settle(long reservation, Money actual)
    {
        try
        {
            ledger.Settle(reservation, actual);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            BudgetTelemetry.LedgerFailed(logger, "settle", exception);
        }
    }

    public void LogFailedReservation(Exception exception) => BudgetTelemetry.LedgerFailed(logger, "reserve", exception);

    private async Task<ReserveResult> InTimeAsync(Task<ReserveResult> reserving, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return await reserving.WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _ = ReleaseLateAsync(reserving);
            throw;
        }
    }

    /// <summary>A reservation that comes when nobody waits for it any more would hold its money until its lease ran out, and then be booked.</summary>
    private async Task ReleaseLateAsync(Task<ReserveResult> reserving)
    {
        try
        {
            var result = await reserving.ConfigureAwait(false);
            if (result.Reservation != 0)
                Settle(result.Reservation, Money.Zero);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // It failed, so it reserved nothing; whoever waited for it was told already.
        }
    }
}
