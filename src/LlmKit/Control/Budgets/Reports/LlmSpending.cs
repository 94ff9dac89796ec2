using LlmKit.Control.Budgets.Reports.Book;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit;

/// <summary>What the pipelines of a container that ask for it (<see cref="SpendingReportExtensions.WithSpendingReport"/>) have spent since the process began: resolve it from the services.</summary>
/// <remarks>Thread-safe. It is kept in memory, bounded, and ends with the process; what must outlive it belongs in the file of <see cref="BudgetExtensions.WithBudgetFile"/> and in your metrics.</remarks>
public sealed class LlmSpending
{
    private readonly SpendingBook _book;
    private readonly IServiceProvider _services;

    internal LlmSpending(SpendingBook book, IServiceProvider services)
    {
        _book = book;
        _services = services;
    }

    /// <summary>Makes a report of what is known now: costs of attempts that have ended, calls that have closed, limits as they stand.</summary>
    /// <param name="tenant">The tenant to report on; <see langword="null"/> for all. What found no row of its own is nobody's then and left out, as are limits that tenants share.</param>
    /// <param name="mostLimits">The most accounts of limits, those with the greatest part used first; 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait for the budgets' ledger.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mostLimits"/> is below 1.</exception>
    public async ValueTask<SpendingReport> ReportAsync(string? tenant = null, int mostLimits = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostLimits, 1);
        var limits = _services.GetService<LlmBudgets>() is { } budgets ? await budgets.ForecastAsync(tenant, mostLimits, cancellationToken).ConfigureAwait(false) : [];
        return _book.Report(tenant, limits);
    }
}
