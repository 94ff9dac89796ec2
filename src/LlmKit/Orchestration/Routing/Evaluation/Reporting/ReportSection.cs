namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>The requests of one call site, or all of them.</summary>
/// <param name="Feature">The call site; <see langword="null"/> for all requests, or those without one.</param>
/// <param name="Count">How many requests.</param>
/// <param name="Lines">Each policy and each baseline.</param>
public sealed record ReportSection(string? Feature, int Count, IReadOnlyList<ReportLine> Lines)
{
    /// <summary>Finds a line.</summary>
    /// <param name="policy">The policy's name.</param>
    /// <returns>The line.</returns>
    /// <exception cref="KeyNotFoundException">There is no such policy.</exception>
    public ReportLine this[string policy] => Lines.FirstOrDefault(line => line.Policy == policy) ?? throw new KeyNotFoundException($"The report has no policy '{policy}'. Ask for one of its lines.");
}
