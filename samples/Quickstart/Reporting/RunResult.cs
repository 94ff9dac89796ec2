using LlmKit;

namespace Quickstart;

/// <summary>Both sides of the comparison.</summary>
/// <param name="Pipeline">LlmKit.</param>
/// <param name="Bare">The bare SDKs; nothing when the providers are real and every request would be paid for twice.</param>
/// <param name="RepeatShare">The share of requests that repeat an earlier one word for word.</param>
/// <param name="Spending">LlmKit's own report of what was spent.</param>
internal sealed record RunResult(PipelineReport Pipeline, SideReport? Bare, double RepeatShare, SpendingReport Spending)
{
    /// <summary>The spending report's sum minus the ledger's, in USD.</summary>
    public decimal ReportDifference => Spending.Total.Cost - Pipeline.Cost;

    /// <summary>The provider's meter minus the ledger, in USD; nothing when the provider is real.</summary>
    public decimal? MeterDifference => Pipeline.Side.Bill - Pipeline.Cost;

    /// <summary>One sentence for each promise that did not hold.</summary>
    public IReadOnlyList<string> BrokenPromises()
    {
        if (Bare is null)
            return [];
        List<(bool Holds, string Promise)> promises =
        [
            (Pipeline.Side.Wrong == 0, $"no wrong answer (got {Pipeline.Side.Wrong})"),
            (Pipeline.Side.Leaks == 0, $"no leak (got {Pipeline.Side.Leaks})"),
            (Pipeline.Side.Failed == 0, $"no failed request (got {Pipeline.Side.Failed})"),
            (Pipeline.Unsettled == 0, $"nothing unsettled (got {Pipeline.Unsettled})"),
            (MeterDifference == 0, $"the meter agrees with the ledger (off by {MeterDifference} USD)"),
            (ReportDifference == 0, $"the report agrees with the ledger (off by {ReportDifference} USD)"),
            (Pipeline.OverBudget == 0, $"no budget overshot (by {Pipeline.OverBudget} USD)"),
            (Pipeline.SemanticHits > 0, "semantic hits"),
            (Pipeline.Cost <= 1.15m * (1 - (decimal)RepeatShare) * Bare.Bill, $"the cost of {Pipeline.Cost:0.000000} USD within 1.15 × (1 − {RepeatShare:0.000}) × {Bare.Bill:0.000000}"),
        ];
        return [.. promises.Where(pair => !pair.Holds).Select(pair => pair.Promise)];
    }
}
