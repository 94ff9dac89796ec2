using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlmKit.AspNetCore;

/// <summary>Which stores are tried beside the budgets' ledger, the idempotency store and the trace store.</summary>
public sealed class LlmStoresHealthOptions
{
    /// <summary>Gets or sets how long a store may take.</summary>
    /// <value>Above 0; 2 seconds by default. One that takes longer counts as failed.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    internal List<(string Name, Func<IServiceProvider, CancellationToken, ValueTask> Try, HealthStatus Failed)> Stores { get; } = [];

    /// <summary>Tries another store.</summary>
    /// <param name="name">Its name in the report.</param>
    /// <param name="attempt">Reads or writes something harmless; it has failed when it throws.</param>
    /// <param name="failed">What its failure means; a degradation by default, for calls go on without a cache or a trace.</param>
    public void Add(string name, Func<IServiceProvider, CancellationToken, ValueTask> attempt, HealthStatus failed = HealthStatus.Degraded)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(attempt);
        Stores.Add((name, attempt, failed));
    }
}
