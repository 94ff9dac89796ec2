using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Budgets;

/// <summary>What the budget guard counts and logs: names of limits, never of tenants or users.</summary>
internal static partial class BudgetTelemetry
{
    private static readonly Counter<long> Refusals = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.budget.refusals", "{attempt}", "Attempts that a budget refused, or would have refused while observing.");

    private static readonly Counter<long> LedgerFailures = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.budget.ledger.failures", "{operation}", "Operations of a budget's ledger that failed or took too long.");

    private static readonly Counter<long> LostReservations = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.budget.reservations.lost", "{reservation}", "Reservations that nobody renewed or settled in time; their estimate was booked.");

    public static void Lost() => LostReservations.Add(1);

    public static void Refused(string limit, bool observed) =>
        Refusals.Add(1, new("llmkit.budget.limit", limit), new("llmkit.observed", observed));

    public static void LedgerFailed(ILogger logger, string operation, Exception exception)
    {
        LedgerFailures.Add(1, new KeyValuePair<string, object?>("llmkit.operation", operation));
        LogLedgerFailed(logger, operation, exception.GetType().Name);
    }

    [LoggerMessage(201, LogLevel.Error, "The budget's ledger failed to {Operation}: {Error}.")]
    private static partial void LogLedgerFailed(ILogger logger, string operation, string error);
}
