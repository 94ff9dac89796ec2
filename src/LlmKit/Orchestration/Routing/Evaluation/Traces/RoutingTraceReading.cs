namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>What was in a file of traces.</summary>
/// <param name="Traces">The traces, in order, with what was said of them last: the late outcome of the latest time, or else what their own line says.</param>
/// <param name="Torn">The numbers of lines, from 1, that are neither a trace nor a late outcome: torn by a crash, or somebody else's.</param>
public sealed record RoutingTraceReading(IReadOnlyList<RoutingTrace> Traces, IReadOnlyList<int> Torn)
{
    /// <summary>Gets how many late outcomes were joined to their traces.</summary>
    public int Late { get; init; }

    /// <summary>Gets how many of them replaced an earlier outcome of the same decision.</summary>
    public int Duplicates { get; init; }

    /// <summary>Gets how many late outcomes are of no decision of the file, or of a call that no decision of it answered: they are left out.</summary>
    public int Unknown { get; init; }
}
