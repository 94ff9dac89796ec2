namespace LlmKit;

/// <summary>Adds the recommended stack of stages.</summary>
public static class StandardStages
{
    /// <summary>
    /// Adds, outermost first: tracing; guardrails that redact personal data and secrets in requests and answers; idempotency for calls with a key;
    /// a cache for equal requests
    /// (similar ones too, once <see cref="SemanticCacheOptions.MinSimilarity"/> is configured); a router over all models in the order of
    /// their registration; retries, time limits and a circuit breaker for each model.
    /// </summary>
    /// <remarks>Amounts of money are yours to know: add <c>UseBudget</c> through <paramref name="budget"/>.</remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="budget">Sets the limits of a budget at its place outside the cache; <see langword="null"/> adds none.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseStandardStages(this LlmPipelineBuilder builder, Action<BudgetOptions>? budget = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseTracing().UseGuardrails(guardrails => guardrails.RedactPersonalData().RedactSecrets());
        if (budget is not null)
            builder.UseBudget(budget);
        return builder.UseIdempotency().UseSemanticCache().UseRouter().UseResilience();
    }
}
