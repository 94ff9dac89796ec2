using LlmKit.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace LlmKit.AspNetCore.Identity;

/// <summary>Opens a scope with the request's tenant and user around the rest of the request.</summary>
internal sealed class HttpIdentityMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var caller = HttpCaller.Find(context);
        if (caller.Mistake is { } mistake)
        {
            await LlmProblem.InvalidKey.ToDetails(mistake).WriteAsync(context).ConfigureAwait(false);
            return;
        }

        using (LlmScope.Begin(caller.Tenant, caller.User))
            await next(context).ConfigureAwait(false);
    }
}
