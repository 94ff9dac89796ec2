using LlmKit.Internal.Statistics;

namespace LlmKit.Calls;

/// <summary>One constraint on a sheet, and how calls stood to it.</summary>
/// <param name="Name"><c>latency</c> or <c>first-content</c> (seconds), <c>cost</c> or <c>interaction-cost</c> (USD).</param>
/// <param name="Limit">What is declared now.</param>
/// <param name="Calls">How many calls were held against it, as it was declared when they ended.</param>
/// <param name="Met">How many of them met it.</param>
/// <param name="Median">What half of them did not exceed, right within 5 %.</param>
/// <param name="P95">What 95 of 100 did not exceed, right within 5 %.</param>
/// <param name="Worst">The greatest.</param>
public sealed record ConstraintLine(string Name, decimal Limit, long Calls, long Met, decimal Median, decimal P95, decimal Worst)
{
    /// <summary>Gets the share of calls that met it; <see langword="null"/> before there is any.</summary>
    public double? ShareMet => Calls == 0 ? null : (double)Met / Calls;

    /// <summary>Gets the share that will meet it at least, with a one-sided confidence of 95 %, if calls go on as they did (Clopper and Pearson, 1934).</summary>
    public double ShareMetAtLeast => BinomialInterval.Lower(Met, Calls);
}
