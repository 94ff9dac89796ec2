namespace LlmKit.Control.Guardrails;

/// <summary>What one rule found on one rail.</summary>
internal sealed record RailFinding(Rail Rail, RailVerdict Verdict, string Rule, bool Observed)
{
    public string? Reason { get; init; }

    public double? Score { get; init; }

    public bool Evaluated { get; init; } = true;

    public IReadOnlyList<RailSpan> Spans { get; init; } = [];
}
