namespace LlmKit.Calls;

/// <summary>One declared constraint and how a call stood to it.</summary>
/// <param name="Name"><c>latency</c> or <c>first-content</c> (seconds), <c>cost</c> or <c>interaction-cost</c> (USD).</param>
/// <param name="Limit">The declared limit.</param>
/// <param name="Actual">What the call took or cost.</param>
/// <param name="Met">Whether the call stayed within the limit.</param>
public sealed record ConstraintOutcome(string Name, decimal Limit, decimal Actual, bool Met);
