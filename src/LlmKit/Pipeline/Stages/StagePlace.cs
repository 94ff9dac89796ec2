namespace LlmKit.Pipeline;

/// <summary>Where a stage belongs, outermost first.</summary>
internal enum StagePlace
{
    Tracing,
    Guardrails,
    Budget,
    Idempotency,
    RateLimits,
    Cache,
    Prompts,
    Variability,
    Router,
    Hedging,
    Resilience,

    /// <summary>Anybody's decorator: may stand anywhere.</summary>
    Custom,
}
