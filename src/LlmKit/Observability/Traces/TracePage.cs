namespace LlmKit.Observability.Traces;

/// <summary>Some of the records that were found, the latest first.</summary>
/// <param name="Traces">The records.</param>
/// <param name="Next">What to give as <see cref="TraceQuery.After"/> for those that follow; <see langword="null"/> when these are the last. Records that come meanwhile are not among them.</param>
public sealed record TracePage(IReadOnlyList<TraceSummary> Traces, string? Next);
