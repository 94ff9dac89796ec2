using LlmKit.AspNetCore.Identity;
using Microsoft.AspNetCore.Http;

namespace LlmKit;

/// <summary>Makes a call's options from an HTTP request.</summary>
public static class LlmHttp
{
    /// <summary>Gives options with the request's tenant, user and idempotency key.</summary>
    /// <remarks>
    /// The key is on these options and not in the ambient scope, because it belongs to one call: use the options of one request for one
    /// call, and give a handler's second call a key of its own (<c>options.IdempotencyKey += "/summary"</c>). It takes effect where
    /// <c>UseIdempotency</c> stands in the pipeline. Each result is new and may be changed.
    /// </remarks>
    /// <param name="context">The request.</param>
    /// <param name="feature">The call site, such as <c>chat</c>; <see langword="null"/> for none.</param>
    /// <returns>The options.</returns>
    /// <exception cref="BadHttpRequestException">The <c>Idempotency-Key</c> header is malformed; with <c>UseLlmHttpIdentity</c> the request is answered with status 400 before it comes here.</exception>
    public static LlmCallOptions OptionsFor(HttpContext context, string? feature = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        var caller = HttpCaller.Of(context);
        return caller.Mistake is { } mistake
            ? throw new BadHttpRequestException(mistake)
            : new() { Tenant = caller.Tenant, User = caller.User, Feature = feature, IdempotencyKey = caller.IdempotencyKey };
    }
}
