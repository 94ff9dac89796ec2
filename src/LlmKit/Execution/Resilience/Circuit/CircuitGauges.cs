using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace LlmKit.Execution.Resilience;

/// <summary>How all circuits of the process stand, as metrics that are read when somebody collects them.</summary>
/// <remarks>Thread-safe. It keeps no circuit alive. Tags are names of pipelines and models, and kinds of failure.</remarks>
internal static class CircuitGauges
{
    private static readonly ConditionalWeakTable<ModelCircuit, string> Circuits = [];

    static CircuitGauges()
    {
        LlmKitDiagnostics.Meter.CreateObservableGauge(
            "llmkit.resilience.circuit.state", static () => Read(static circuit => (int)circuit.State), description: "The circuit by pipeline and model: 0 closed, 1 half-open, 2 open.");
        LlmKitDiagnostics.Meter.CreateObservableGauge(
            "llmkit.resilience.circuit.since", static () => Read(static circuit => circuit.Since.ToUnixTimeSeconds()), "s", "When the circuit came to stand so, in Unix time.");
        LlmKitDiagnostics.Meter.CreateObservableGauge(
            "llmkit.resilience.circuit.until", static () => Read(static circuit => circuit.Until?.ToUnixTimeSeconds()), "s", "When an open circuit lets the first probe through, in Unix time; nothing for others.");
    }

    public static void Add(string pipeline, ModelCircuit circuit) => Circuits.AddOrUpdate(circuit, pipeline);

    public static void Remove(ModelCircuit circuit) => Circuits.Remove(circuit);

    private static IEnumerable<Measurement<long>> Read(Func<CircuitSnapshot, long?> figure)
    {
        foreach (var (circuit, pipeline) in Circuits)
        {
            var snapshot = circuit.Snapshot();
            if (figure(snapshot) is not { } value)
                continue;
            yield return new(
                value,
                new(LlmKitDiagnostics.PipelineTag, pipeline),
                new(LlmKitDiagnostics.ModelTag, snapshot.Model),
                new("llmkit.failure.kind", snapshot.Reason?.ToString()),
                new(LlmKitDiagnostics.ObservedTag, snapshot.IsObserved));
        }
    }
}
