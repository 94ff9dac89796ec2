using LlmKit.AspNetCore;
using LlmKit.AspNetCore.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlmKit;

/// <summary>Adds health checks for models and stores. What they report holds names, states, counts and types of exceptions.</summary>
public static class HealthExtensions
{
    /// <summary>Reports how the models of all pipelines stand, from the traffic that there is: no model is asked unless <see cref="LlmModelsHealthOptions.Probe"/> says so.</summary>
    /// <remarks>
    /// Unhealthy when every model of a pipeline is refused by its circuit, degraded when some are or when many recent attempts failed.
    /// Models without <c>UseResilience</c> have no circuit: they are judged by the attempts of the last 30 seconds, and a pipeline is unhealthy when
    /// every one on every model failed, of 5 or more each. A model that nobody uses counts as healthy.
    /// </remarks>
    /// <param name="checks">The health checks.</param>
    /// <param name="configure">Changes the settings; defaults when <see langword="null"/>.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What is reported when a pipeline has no model left; <see cref="HealthStatus.Unhealthy"/> when <see langword="null"/>.</param>
    /// <param name="tags">The check's tags.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddLlmModels(
        this IHealthChecksBuilder checks, Action<LlmModelsHealthOptions>? configure = null, string name = "llm-models", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(checks);
        var options = new LlmModelsHealthOptions();
        configure?.Invoke(options);
        return checks.Add(new(name, services => new LlmModelsHealthCheck(services, options), failureStatus, tags));
    }

    /// <summary>Reports whether the stores can be used: the budgets' ledger is written to, the idempotency store read, the trace store flushed, and what <see cref="LlmStoresHealthOptions.Add"/> names tried.</summary>
    /// <remarks>A ledger that fails is the failure, because budgets then refuse every call; any other store is a degradation.</remarks>
    /// <param name="checks">The health checks.</param>
    /// <param name="configure">Adds stores; none when <see langword="null"/>.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What is reported when the ledger fails; <see cref="HealthStatus.Unhealthy"/> when <see langword="null"/>.</param>
    /// <param name="tags">The check's tags.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddLlmStores(
        this IHealthChecksBuilder checks, Action<LlmStoresHealthOptions>? configure = null, string name = "llm-stores", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(checks);
        var options = new LlmStoresHealthOptions();
        configure?.Invoke(options);
        return checks.Add(new(name, services => new LlmStoresHealthCheck(services, options), failureStatus, tags));
    }
}
