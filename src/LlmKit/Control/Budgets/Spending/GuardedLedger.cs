using LlmKit.Control.Budgets.Alerts;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>A ledger that may be slow or down: waits a bounded time for it, and holds no money that nobody waits for any more.</summary>
internal sealed class GuardedLedger
{
    private readonly IBudgetLedger _ledger;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public GuardedLedger(IBudgetLedger ledger, AlertBook book, IEnumerable<IBudgetAlertSink> sinks, TimeProvider time, ILogger logger)
    {
        _ledger = ledger;
        _time = time;
        _logger = logger;
        Alerts = new(this, book, sinks, time, logger);
    }

    /// <summary>Gets who looks after settlements what was spent.</summary>
    public BudgetAlerts Alerts { get; }

    /// <summary>Gets the ledger itself, by which limits on one call know that they share it.</summary>
    public IBudgetLedger Ledger => _ledger;

    /// <summary>Gives what the limits leave; <see langword="null"/> also when the ledger failed, for the reservation that follows meets the same ledger and decides what that means.</summary>
    public async ValueTask<Expense?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, DateTimeOffset at, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            var reading = _ledger.HeadroomAsync(charges, at, cancellationToken);
            return reading.IsCompletedSuccessfully ? reading.Result : await reading.AsTask().WaitAsync(patience, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            BudgetTelemetry.LedgerFailed(_logger, "read", exception);
            return null;
        }
    }

    /// <summary>Reads an account; <see langword="null"/> when the ledger failed or took too long.</summary>
    public async ValueTask<BudgetBalance?> ReadAsync(BudgetAccount account, DateTimeOffset at, TimeSpan patience)
    {
        try
        {
            var reading = _ledger.ReadAsync(account, at, CancellationToken.None);
            return reading.IsCompletedSuccessfully ? reading.Result : await reading.AsTask().WaitAsync(patience, _time).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            BudgetTelemetry.LedgerFailed(_logger, "read", exception);
            return null;
        }
    }

    /// <summary>Reserves; what went wrong with the ledger is in the task.</summary>
    public ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Expense amount, DateTimeOffset at, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            var reserving = _ledger.ReserveAsync(charges, amount, at, cancellationToken);
            return reserving.IsCompletedSuccessfully ? reserving : new(InTimeAsync(reserving.AsTask(), patience, cancellationToken));
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<ReserveResult>(exception);
        }
    }

    public void Renew(long reservation, Expense estimate)
    {
        try
        {
            _ledger.Renew(reservation, estimate);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            BudgetTelemetry.LedgerFailed(_logger, "renew", exception);
        }
    }

    /// <summary>Books a cost. The answer is there already: a ledger that fails now must not take it away.</summary>
    public void Settle(long reservation, Expense actual)
    {
        try
        {
            _ledger.Settle(reservation, actual);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            BudgetTelemetry.LedgerFailed(_logger, "settle", exception);
        }
    }

    public void LogFailedReservation(Exception exception) => BudgetTelemetry.LedgerFailed(_logger, "reserve", exception);

    private async Task<ReserveResult> InTimeAsync(Task<ReserveResult> reserving, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return await reserving.WaitAsync(patience, _time, cancellationToken).ConfigureAwait(false);
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
                Settle(result.Reservation, Expense.None);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // It failed, so it reserved nothing; whoever waited for it was told already.
        }
    }
}
