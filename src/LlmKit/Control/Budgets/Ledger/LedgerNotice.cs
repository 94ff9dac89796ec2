using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Budgets.Ledger;

/// <summary>Warns once for all pipelines when a restart would refill their budgets.</summary>
internal sealed class LedgerNotice
{
    private int _said;

    public void Say(IBudgetLedger ledger, ILogger logger)
    {
        if (ledger is { IsDurable: false, IsShared: false } && Interlocked.Exchange(ref _said, 1) == 0)
            BudgetTelemetry.Forgetful(logger);
    }
}
