using LlmKit.Control.Budgets.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlmKit;

/// <summary>Reports whether the ledger of the budgets can be read, and whether what was spent outlives the process and is shared: <c>AddHealthChecks().AddCheck&lt;LlmBudgetHealthCheck&gt;("llm-budget")</c>.</summary>
/// <remarks>Thread-safe. The data hold <c>durable</c> and <c>shared</c>.</remarks>
public sealed class LlmBudgetHealthCheck : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly IBudgetLedger? _ledger;
    private readonly TimeProvider _time;

    /// <summary>Creates a check of the ledger of a container.</summary>
    /// <param name="services">The application's services.</param>
    public LlmBudgetHealthCheck(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _ledger = services.GetService<IBudgetLedger>();
        _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_ledger is null)
            return HealthCheckResult.Healthy("There is no budget.");
        var data = new Dictionary<string, object> { ["durable"] = _ledger.IsDurable, ["shared"] = _ledger.IsShared };
        try
        {
            await _ledger.ReadAsync(BudgetAccount.ForEver("health", BudgetScope.Global, ""), _time.GetUtcNow(), cancellationToken).AsTask().WaitAsync(Patience, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new(context.Registration.FailureStatus, $"The budget's ledger cannot be read ({exception.GetType().Name}).", data: data);
        }

        var outlives = _ledger.IsDurable ? "outlives the process" : "is lost with the process";
        return HealthCheckResult.Healthy($"What was spent {outlives} and is {(_ledger.IsShared ? "" : "not ")}shared with others.", data);
    }
}
