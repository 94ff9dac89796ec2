using System.Diagnostics.Metrics;
using LlmKit.Models;
using Microsoft.Extensions.Logging;

namespace LlmKit.Execution.Resilience;

/// <summary>What is counted and logged: names, kinds and numbers, never messages of exceptions.</summary>
internal static partial class ResilienceTelemetry
{
    private static readonly Counter<long> Retries = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.resilience.retries", "{retry}", "Attempts that were repeated, by model and kind of failure.");

    private static readonly Counter<long> GiveUps = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.resilience.give_ups", "{call}", "Passing failures that were not tried again, by model and reason.");

    private static readonly Counter<long> Timeouts = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.resilience.timeouts", "{timeout}", "Limits on time that expired, by model and limit.");

    private static readonly Counter<long> Refusals = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.resilience.circuit.refusals", "{refusal}", "Attempts that an open circuit refused, or would have refused while observing, by model.");

    private static readonly Counter<long> Changes = LlmKitDiagnostics.Meter.CreateCounter<long>(
        "llmkit.resilience.circuit.changes", "{change}", "How often a circuit opened, half-opened and closed, by model and state.");

    public static void Retried(string model, ModelFailureKind kind) =>
        Retries.Add(1, new("llmkit.model", model), new("llmkit.failure.kind", kind.ToString()));

    public static void GaveUp(string model, string reason) =>
        GiveUps.Add(1, new("llmkit.model", model), new("llmkit.resilience.reason", reason));

    public static void TimedOut(string model, TimeLimit limit) =>
        Timeouts.Add(1, new("llmkit.model", model), new("llmkit.resilience.limit", limit.ToString()));

    public static void Refused(string model, bool observed) => Refusals.Add(1, new("llmkit.model", model), new(LlmKitDiagnostics.ObservedTag, observed));

    public static void Changed(ILogger logger, string model, CircuitState state, ModelFailureKind? reason, bool observed)
    {
        Changes.Add(1, new("llmkit.model", model), new("llmkit.resilience.state", state.ToString()), new(LlmKitDiagnostics.ObservedTag, observed));
        if (state == CircuitState.Open)
            Opened(logger, model, reason);
        else if (state == CircuitState.Closed)
            Closed(logger, model);
    }

    [LoggerMessage(301, LogLevel.Warning, "The circuit of the model '{Model}' opened; the last failure was {Kind}.")]
    private static partial void Opened(ILogger logger, string model, ModelFailureKind? kind);

    [LoggerMessage(302, LogLevel.Information, "The circuit of the model '{Model}' closed.")]
    private static partial void Closed(ILogger logger, string model);
}
