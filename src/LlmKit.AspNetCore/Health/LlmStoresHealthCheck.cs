using LlmKit.Control.Budgets.Ledger;
using LlmKit.Execution.Idempotency;
using LlmKit.Models;
using LlmKit.Observability.Traces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlmKit.AspNetCore.Health;

/// <summary>Tries every store: reserves nothing in the ledger, looks for nothing in the idempotency store, flushes the trace store, and what was added.</summary>
internal sealed class LlmStoresHealthCheck(IServiceProvider services, LlmStoresHealthOptions options) : IHealthCheck
{
    private const string Name = "llmkit-health";

    private readonly TimeProvider _time = services.GetService<TimeProvider>() ?? TimeProvider.System;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>();
        var worst = HealthStatus.Healthy;
        foreach (var (name, attempt, failed) in Stores(context.Registration.FailureStatus))
        {
            if (await FailureOfAsync(attempt, cancellationToken).ConfigureAwait(false) is not { } failure)
            {
                data[name] = "works";
                continue;
            }

            data[name] = failure;
            worst = failed < worst ? failed : worst;
        }

        var broken = data.Where(store => !"works".Equals(store.Value)).Select(store => store.Key).ToList();
        return new(worst, broken.Count == 0 ? "Every store works." : $"These stores do not work: {string.Join(", ", broken)}.", data: data);
    }

    /// <summary>Without the ledger budgets refuse every call; without the others calls go on.</summary>
    private IEnumerable<(string Name, Func<IServiceProvider, CancellationToken, ValueTask> Try, HealthStatus Failed)> Stores(HealthStatus failed)
    {
        if (services.GetService<IBudgetLedger>() is { } ledger)
            yield return ("budget ledger", (_, cancellationToken) => WriteAsync(ledger, cancellationToken), failed);
        if (services.GetService<IIdempotencyStore>() is { } remembered)
            yield return ("idempotency store", async (_, cancellationToken) => await remembered.FindAsync(Name, cancellationToken).ConfigureAwait(false), HealthStatus.Degraded);
        if (services.GetService<ITraceStore>() is { } traces)
            yield return ("trace store", (_, cancellationToken) => traces.FlushAsync(cancellationToken), HealthStatus.Degraded);
        foreach (var store in options.Stores)
            yield return store;
    }

    // A reservation of nothing is written like any other: a disk that is full or read-only shows here and not first in a call.
    private async ValueTask WriteAsync(IBudgetLedger ledger, CancellationToken cancellationToken)
    {
        BudgetCharge[] charge = [new(BudgetAccount.ForEver(Name, BudgetScope.Global, ""), Expense.Unlimited, Enforce: false)];
        var reserved = await ledger.ReserveAsync(charge, Expense.None, _time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        ledger.Settle(reserved.Reservation, Expense.None);
    }

    private async ValueTask<string?> FailureOfAsync(Func<IServiceProvider, CancellationToken, ValueTask> attempt, CancellationToken cancellationToken)
    {
        try
        {
            using var patience = new CancellationTokenSource(options.Timeout, _time);
            using var leaving = cancellationToken.UnsafeRegister(static patience => ((CancellationTokenSource)patience!).Cancel(), patience);
            await attempt(services, patience.Token).AsTask().WaitAsync(options.Timeout, _time, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
        {
            return $"failed ({exception.GetType().Name})";
        }
    }
}
