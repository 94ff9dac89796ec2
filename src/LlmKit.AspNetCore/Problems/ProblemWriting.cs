using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace LlmKit.AspNetCore.Problems;

/// <summary>Sends problems, whatever the client says that it accepts.</summary>
internal static class ProblemWriting
{
    public static Task WriteAsync(this ProblemDetails problem, HttpContext context)
    {
        if (problem.Extensions.TryGetValue("retryAfter", out var wait))
            context.Response.Headers.RetryAfter = Convert.ToString(wait, CultureInfo.InvariantCulture);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Problem(problem).ExecuteAsync(context);
    }
}
