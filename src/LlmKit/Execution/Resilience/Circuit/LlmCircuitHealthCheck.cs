using System.Globalization;
using LlmKit.Execution.Resilience;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlmKit;

/// <summary>Reports how the circuits of an application's models stand: <c>AddHealthChecks().AddCheck&lt;LlmCircuitHealthCheck&gt;("llm")</c>.</summary>
/// <remarks>
/// Thread-safe. A pipeline all of whose models are refused can serve nobody: that is the failure. Refused models beside others are a
/// degradation. A circuit whose break is over counts as a degradation too: it waits for a call to probe with, and an application that is
/// taken out of service for it would never get one. One that only observes refuses nothing and fails nothing. The data name each circuit by pipeline and model; nothing in them is sensitive.
/// </remarks>
public sealed class LlmCircuitHealthCheck : IHealthCheck
{
    private const int LeastAttempts = 5;

    private readonly CircuitRegistry? _registry;
    private readonly TimeProvider _time;

    /// <summary>Creates a check of all pipelines of a container.</summary>
    /// <param name="services">The application's services.</param>
    public LlmCircuitHealthCheck(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _registry = services.GetService<CircuitRegistry>();
        _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
    }

    /// <summary>Gets or sets from which share of failures among the recent attempts a model whose circuit is still closed counts as a degradation.</summary>
    /// <value>Above 0 and at most 1, of 5 attempts or more; <see langword="null"/> by default: only circuits count.</value>
    public double? DegradedAt
    {
        get;
        init => field = value is null or > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"The share '{value}' is outside 0 to 1. Set LlmCircuitHealthCheck.DegradedAt to a share such as 0.25.");
    }

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var data = new Dictionary<string, object>();
        var (open, failing, silent) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var pipeline in _registry?.Read() ?? Enumerable.Empty<IGrouping<string, CircuitSnapshot>>())
        {
            foreach (var circuit in pipeline)
            {
                var name = $"{pipeline.Key}/{circuit.Model}";
                data[name] = Describe(circuit);
                if (circuit is { State: not CircuitState.Closed, IsObserved: false })
                    open.Add(name);
                else if (IsFailing(circuit))
                    failing.Add(name);
            }

            if (pipeline.All(Refuses))
                silent.Add(pipeline.Key);
        }

        return Task.FromResult(
            silent.Count > 0 ? new HealthCheckResult(context.Registration.FailureStatus, $"Every model of these pipelines is refused by its circuit: {string.Join(", ", silent)}.", data: data)
            : open.Count > 0 ? HealthCheckResult.Degraded($"These circuits are not closed: {string.Join(", ", open)}.", data: data)
            : failing.Count > 0 ? HealthCheckResult.Degraded($"Many recent attempts on these models failed: {string.Join(", ", failing)}.", data: data)
            : HealthCheckResult.Healthy("Every circuit is closed or only observed.", data));
    }

    private bool Refuses(CircuitSnapshot circuit) => circuit is { State: CircuitState.Open, IsObserved: false } && circuit.Until > _time.GetUtcNow();

    private bool IsFailing(CircuitSnapshot circuit) =>
        circuit.RecentAttempts >= LeastAttempts && circuit.RecentFailures >= DegradedAt * circuit.RecentAttempts;

    private static string Describe(CircuitSnapshot circuit) => string.Create(CultureInfo.InvariantCulture, $"{circuit.State} since {circuit.Since:O}")
        + (circuit.Until is { } until ? string.Create(CultureInfo.InvariantCulture, $" until {until:O}") : "")
        + (circuit.IsObserved ? ", observed only" : "")
        + (circuit.Reason is { } reason ? $", after {reason}" : "")
        + (circuit.RecentAttempts > 0 ? string.Create(CultureInfo.InvariantCulture, $", {circuit.RecentFailures} of {circuit.RecentAttempts} recent attempts failed") : "");
}
