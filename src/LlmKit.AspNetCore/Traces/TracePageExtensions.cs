using LlmKit.AspNetCore.Traces;
using LlmKit.Observability.Traces;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit;

/// <summary>Maps the page on which traces are looked at.</summary>
public static class TracePageExtensions
{
    /// <summary>Serves the live page of traces, and the JSON that it reads, from the registered <see cref="ITraceStore"/>.</summary>
    /// <remarks>
    /// The page shows whatever the store keeps, every tenant's prompts and answers where content is kept. Without a policy it is there in Development only:
    /// elsewhere every request is answered with status 404, and a warning says so once. Give a policy here, or call <c>RequireAuthorization</c> on the
    /// result, to have it elsewhere. There is no CORS; the page loads nothing but itself, and scores are taken from it alone.
    /// </remarks>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">The page's path; its JSON is under <c>api</c> below it.</param>
    /// <param name="policy">The name of the authorization policy that its readers must satisfy; <see langword="null"/> for Development only.</param>
    /// <returns>All endpoints of the page, for further conventions.</returns>
    /// <exception cref="InvalidOperationException">There is no trace store, or a policy is named and no authorization is registered.</exception>
    public static IEndpointConventionBuilder MapLlmTraces(this IEndpointRouteBuilder endpoints, string pattern = "/llm", string? policy = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        var known = endpoints.ServiceProvider.GetService<IServiceProviderIsService>();
        if (known?.IsService(typeof(ITraceStore)) == false)
            throw new InvalidOperationException($"The page of traces at '{pattern}' has no store. Call WithTraces() on a pipeline, or register an ITraceStore.");
        if (policy is not null && known?.IsService(typeof(IAuthorizationService)) == false)
            throw new InvalidOperationException($"The page of traces at '{pattern}' needs the policy '{policy}', and no authorization is registered. Call services.AddAuthorization() and define it, and app.UseAuthorization().");

        var group = endpoints.MapGroup(pattern);
        TraceEndpoints.Map(group);
        return policy is null ? group : group.RequireAuthorization(policy);
    }
}
