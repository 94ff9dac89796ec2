using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LlmKit.AspNetCore.Identity;

/// <summary>Who makes a request, and under which idempotency key. Found out once for each request.</summary>
/// <param name="Tenant">The tenant, if known.</param>
/// <param name="User">The user, if known.</param>
/// <param name="IdempotencyKey">The key, if the request has one.</param>
/// <param name="Mistake">What is wrong with the key; <see langword="null"/> when nothing is.</param>
internal sealed record HttpCaller(string? Tenant, string? User, string? IdempotencyKey, string? Mistake)
{
    private static readonly LlmHttpIdentityOptions Defaults = new();

    /// <summary>Gives what the middleware found out, or finds it out where there is none.</summary>
    public static HttpCaller Of(HttpContext context) => context.Features.Get<HttpCaller>() ?? Find(context);

    /// <summary>Finds it out and keeps it with the request.</summary>
    public static HttpCaller Find(HttpContext context)
    {
        var options = context.RequestServices?.GetService<IOptions<LlmHttpIdentityOptions>>()?.Value ?? Defaults;
        var key = IdempotencyHeader.Read(context.Request.Headers, options, out var mistake);
        var caller = new HttpCaller(options.Tenant(context), options.User(context), key, mistake);
        context.Features.Set(caller);
        return caller;
    }
}
