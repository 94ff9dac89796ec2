namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>What was in a file of traces.</summary>
/// <param name="Traces">The traces, in order.</param>
/// <param name="Torn">The numbers of lines, from 1, that are no trace: torn by a crash, or somebody else's.</param>
public sealed record RoutingTraceReading(IReadOnlyList<RoutingTrace> Traces, IReadOnlyList<int> Torn);
