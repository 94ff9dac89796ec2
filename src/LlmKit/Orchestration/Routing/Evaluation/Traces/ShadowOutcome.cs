namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>How good the answer of a model was that nobody got to see, because another model had been chosen.</summary>
/// <param name="Score">From 0, wrong, to 1, right; by the same source as the trace's own outcome: where another source replaces that, the shadow is dropped.</param>
/// <param name="Cost">What it cost, in USD; <see langword="null"/> if that is not known.</param>
public sealed record ShadowOutcome(double Score, decimal? Cost = null);
