using LlmKit.Execution.Resilience;
using LlmKit.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static System.FormattableString;

namespace LlmKit;

/// <summary>Reports how the models of an application stand, by their circuits and recent attempts: <c>AddHealthChecks().AddCheck&lt;LlmCircuitHealthCheck&gt;("llm")</c>.</summary>
/// <remarks>
/// Thread-safe. A pipeline all of whose models are refused can serve nobody: that is the failure. Refused models beside others are a
/// degradation. A circuit whose break is over counts as a degradation too: it waits for a call to probe with, and an application that is
/// taken out of service for it would never get one. One that only observes refuses nothing and fails nothing.
/// A model without a circuit (no <c>UseResilience</c>) is judged by the attempts of the last 30 seconds, as far as <see cref="DegradedAt"/> is set.
/// The data name each model by its pipeline; nothing in them is sensitive.
/// </remarks>
public sealed class LlmCircuitHealthCheck : IHealthCheck
{
    private const int LeastAttempts = 5;

    private readonly CircuitRegistry? _registry;
    private readonly KnownModels? _known;
    private readonly TimeProvider _time;

    /// <summary>Creates a check of all pipelines of a container.</summary>
    /// <param name="services">The application's services.</param>
    public LlmCircuitHealthCheck(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _registry = services.GetService<CircuitRegistry>();
        _known = services.GetService<KnownModels>();
        _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
    }

    /// <summary>Gets or sets from which share of failures among the recent attempts a model whose circuit is still closed, or that has none, counts as a degradation.</summary>
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
        var found = new Findings();
        var circuits = _registry?.Read();
        foreach (var pipeline in circuits ?? Enumerable.Empty<IGrouping<string, CircuitSnapshot>>())
            Read(pipeline, found);
        foreach (var pipeline in _known?.Read() ?? Enumerable.Empty<IGrouping<string, KnownModel>>())
            Read(pipeline.Key, [.. pipeline.Where(model => circuits?[pipeline.Key].Any(circuit => circuit.Model == model.Name) != true)], circuits?.Contains(pipeline.Key) == true, found);
        return Task.FromResult(found.Judge(context.Registration.FailureStatus));
    }

    private void Read(IGrouping<string, CircuitSnapshot> pipeline, Findings found)
    {
        foreach (var circuit in pipeline)
        {
            var name = $"{pipeline.Key}/{circuit.Model}";
            found.Data[name] = Describe(circuit);
            if (circuit is { State: not CircuitState.Closed, IsObserved: false })
                found.Open.Add(name);
            else if (IsFailing(circuit.RecentAttempts, circuit.RecentFailures))
                found.Failing.Add(name);
        }

        if (pipeline.All(Refuses))
            found.Silent.Add(pipeline.Key);
    }

    /// <summary>Reads models that no circuit watches. Where none of a pipeline is watched and every attempt on each failed, it serves nobody, as if all circuits were open.</summary>
    private void Read(string pipeline, KnownModel[] models, bool hasCircuits, Findings found)
    {
        var down = 0;
        foreach (var model in models)
        {
            var (all, failed) = model.Attempts.Read();
            var name = $"{pipeline}/{model.Name}";
            found.Data[name] = Invariant($"No circuit, {(all == 0 ? "no recent attempts" : $"{failed} of {all} recent attempts failed")}");
            if (!IsFailing(all, failed))
                continue;
            found.Failing.Add(name);
            down += failed == all ? 1 : 0;
        }

        if (!hasCircuits && down > 0 && down == models.Length)
            found.Down.Add(pipeline);
    }

    private bool Refuses(CircuitSnapshot circuit) => circuit is { State: CircuitState.Open, IsObserved: false } && circuit.Until > _time.GetUtcNow();

    private bool IsFailing(int attempts, int failures) => attempts >= LeastAttempts && failures >= DegradedAt * attempts;

    private static string Describe(CircuitSnapshot circuit) => Invariant($"{circuit.State} since {circuit.Since:O}")
        + (circuit.Until is { } until ? Invariant($" until {until:O}") : "")
        + (circuit.IsObserved ? ", observed only" : "")
        + (circuit.Reason is { } reason ? $", after {reason}" : "")
        + (circuit.RecentAttempts > 0 ? Invariant($", {circuit.RecentFailures} of {circuit.RecentAttempts} recent attempts failed") : "");

    /// <summary>What was found, the worst first.</summary>
    private sealed class Findings
    {
        public Dictionary<string, object> Data { get; } = [];

        public List<string> Silent { get; } = [];

        public List<string> Down { get; } = [];

        public List<string> Open { get; } = [];

        public List<string> Failing { get; } = [];

        public HealthCheckResult Judge(HealthStatus failure) =>
            Silent.Count > 0 ? new(failure, $"Every model of these pipelines is refused by its circuit: {string.Join(", ", Silent)}.", data: Data)
            : Down.Count > 0 ? new(failure, $"Every recent attempt on every model of these pipelines failed: {string.Join(", ", Down)}.", data: Data)
            : Open.Count > 0 ? HealthCheckResult.Degraded($"These circuits are not closed: {string.Join(", ", Open)}.", data: Data)
            : Failing.Count > 0 ? HealthCheckResult.Degraded($"Many recent attempts on these models failed: {string.Join(", ", Failing)}.", data: Data)
            : HealthCheckResult.Healthy(Data.Count == 0 ? "No pipeline is in use yet." : "Every circuit is closed or only observed, and no model is known to fail.", Data);
    }
}
