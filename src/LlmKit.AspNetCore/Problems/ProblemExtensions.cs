using LlmKit.AspNetCore.Problems;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit;

/// <summary>Answers what pipelines throw with problem details.</summary>
public static class ProblemExtensions
{
    /// <summary>Registers problem details for budgets, limits, guardrails, models and time; <c>app.UseExceptionHandler()</c> puts them to use.</summary>
    /// <remarks>
    /// 402 for a budget, 413 for a text that is too long, 422 for what a rule or a provider's filter refused, 429 for limits, 502 for a model
    /// that cannot be used or gave no good answer, 503 for models that are not available, 504 for limits on time; 402, 429 and 503 with
    /// <c>Retry-After</c> where it is known. Exceptions that are not LlmKit's go on to the handlers that are registered after this one.
    /// <c>ProblemDetailsOptions.CustomizeProblemDetails</c> applies.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLlmProblemDetails(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddProblemDetails().AddExceptionHandler<LlmExceptionHandler>();
    }
}
