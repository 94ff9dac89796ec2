using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Budgets;

/// <summary>What the budget guard counts and logs: names of limits, never of tenants or users.</summary>
internal static partial class BudgetTelemetry
{
    private const string LimitTag = "llmkit.budget.limit";

    private static readonly Counter<long> Refusals = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.budget.refusals", "{attempt}", "Attempts that a budget refused, or would have refused while observing.");

    private static readonly Counter<long> Waits = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.budget.waits", "{attempt}", "Attempts that waited at a limit.");

    private static readonly Counter<long> Alerts = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.budget.alerts", "{alert}", "Alerts that went out because a part of a limit was spent.");

    private static readonly Counter<long> LedgerFailures = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.budget.ledger.failures", "{operation}", "Operations of a budget's ledger that failed or took too long.");

    private static readonly Counter<long> LostReservations = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.budget.reservations.lost", "{reservation}", "Reservations that nobody renewed or settled in time; their estimate was booked.");

    public static void Lost() => LostReservations.Add(1);

    /// <summary>Counts what a limit did with an attempt: <c>refused</c> or <c>waited</c>.</summary>
    public static void Decided(string decision, string limit, bool observed) =>
        (decision == "waited" ? Waits : Refusals).Add(1, new(LimitTag, limit), new(LlmKitDiagnostics.ObservedTag, observed));

    public static void Alerted(ILogger logger, string limit, BudgetScope scope, double part)
    {
        Alerts.Add(1, new(LimitTag, limit), new("llmkit.budget.part", part));
        LogAlert(logger, limit, scope, part);
    }

    public static void Forgetful(ILogger logger) => LogForgetful(logger);

    public static void Recovered(ILogger logger, int lost, long bytes) => LogRecovered(logger, lost, bytes);

    public static void AlertFailed(ILogger logger, string limit, Exception exception) => LogFailedAlert(logger, limit, exception.GetType().Name);

    public static void LedgerFailed(ILogger logger, string operation, Exception exception)
    {
        LedgerFailures.Add(1, new KeyValuePair<string, object?>("llmkit.operation", operation));
        LogLedgerFailed(logger, operation, exception.GetType().Name);
    }

    [LoggerMessage(201, LogLevel.Error, "The budget's ledger failed to {Operation}: {Error}.")]
    private static partial void LogLedgerFailed(ILogger logger, string operation, string error);

    [LoggerMessage(202, LogLevel.Warning, "The limit '{Limit}' ({Scope}) has reached {Part:P0} on one of its accounts.")]
    private static partial void LogAlert(ILogger logger, string limit, BudgetScope scope, double part);

    [LoggerMessage(205, LogLevel.Warning, "What the budgets have spent is kept in memory: a restart refills them, and other processes have their own. Keep it in a file with WithBudgetFile, or register an IBudgetLedger that outlives the process.")]
    private static partial void LogForgetful(ILogger logger);

    [LoggerMessage(204, LogLevel.Warning, "The budget's file was not closed: {Lost} reservations under way were booked in full, {Bytes} bytes of a cut record were dropped.")]
    private static partial void LogRecovered(ILogger logger, int lost, long bytes);

    [LoggerMessage(203, LogLevel.Error, "An alert for the limit '{Limit}' could not be delivered: {Error}.")]
    private static partial void LogFailedAlert(ILogger logger, string limit, string error);
}
