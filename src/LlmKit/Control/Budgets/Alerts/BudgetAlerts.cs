using LlmKit.Calls;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Limits;
using LlmKit.Control.Budgets.Spending;
using LlmKit.Models;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Budgets.Alerts;

/// <summary>Looks after each settlement whether a part of a limit is spent, and tells whoever wants to hear of it.</summary>
/// <remarks>Thread-safe. Nobody waits for it: an answer is not held up by an alert, nor by a ledger that reads slowly.</remarks>
internal sealed class BudgetAlerts(GuardedLedger ledger, AlertBook book, IEnumerable<IBudgetAlertSink> sinks, TimeProvider time, ILogger logger)
{
    private readonly IBudgetAlertSink[] _sinks = [.. sinks];

    public void Check(AttemptCharges charges)
    {
        for (var i = 0; i < charges.Items.Length; i++)
        {
            if (charges.RuleOf(i) is { AlertAt.Length: > 0 } rule)
                _ = CheckAsync(rule, charges.Items.Span[i], charges);
        }
    }

    private async Task CheckAsync(BudgetRule rule, BudgetCharge charge, AttemptCharges charges)
    {
        // What stands still alerts once; a rolling window may have to alert again.
        if (charge.Account.Rolling == TimeSpan.Zero && Array.TrueForAll(rule.AlertAt, part => book.WasSent(charge.Account, part)))
            return;
        if (await ledger.ReadAsync(charge.Account, charges.At, charges.Policy.LedgerTimeout).ConfigureAwait(false) is not { } balance)
            return;
        foreach (var part in rule.AlertAt)
        {
            if (!Reaches(balance.Spent, charge.Limit, part))
                book.Rearm(charge.Account, part);
            else if (book.TrySend(charge.Account, part, time.GetUtcNow()))
                Send(rule, charge, balance.Spent, part, charges.Policy.OnAlert);
        }
    }

    private static bool Reaches(Expense spent, Expense limit, double part) =>
        (limit.Money != Money.MaxValue && spent.Money.ToUsd() >= (decimal)part * limit.Money.ToUsd() && spent.Money > Money.Zero)
        || (limit.Tokens != long.MaxValue && spent.Tokens >= part * limit.Tokens && spent.Tokens > 0);

    private void Send(BudgetRule rule, in BudgetCharge charge, Expense spent, double part, Action<BudgetAlert>? onAlert)
    {
        BudgetTelemetry.Alerted(logger, rule.Name, rule.Scope, part);
        var account = charge.Account;
        var alert = new BudgetAlert(rule.Name, rule.Scope, CallIdentity.Written(account.Value), part)
        {
            Spent = spent.Money.ToUsd(),
            Amount = charge.Limit.Money == Money.MaxValue ? null : charge.Limit.Money.ToUsd(),
            SpentTokens = spent.Tokens,
            Tokens = charge.Limit.Tokens == long.MaxValue ? null : charge.Limit.Tokens,
            ResetsAt = account.Until == DateTimeOffset.MaxValue ? null : account.Until,
        };
        foreach (var sink in _sinks)
            _ = TellAsync(sink.AlertAsync, alert);
        if (onAlert is not null)
            _ = TellAsync(told => Call(onAlert, told), alert);
    }

    private static ValueTask Call(Action<BudgetAlert> onAlert, BudgetAlert alert)
    {
        onAlert(alert);
        return default;
    }

    /// <summary>Tells somebody, on another thread: whoever settled has an answer to give.</summary>
    private async Task TellAsync(Func<BudgetAlert, ValueTask> tell, BudgetAlert alert)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await tell(alert).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            BudgetTelemetry.AlertFailed(logger, alert.Limit, exception);
        }
    }
}
