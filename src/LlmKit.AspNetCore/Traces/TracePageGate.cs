using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LlmKit.AspNetCore.Traces;

/// <summary>Lets through who may see traces, and says to the browser what it must not do with them.</summary>
internal static partial class TracePageGate
{
    private static int warned;

    public static Task EnterAsync(HttpContext context, RequestDelegate answer)
    {
        if (!IsOpen(context))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        return answer(context);
    }

    public static Task RefuseAsync(HttpContext context, int status, string mistake)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(mistake, context.RequestAborted);
    }

    /// <summary>In Development to anybody; elsewhere only behind a policy, which was satisfied if the request came here.</summary>
    private static bool IsOpen(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        var isAuthorized = metadata?.GetMetadata<IAllowAnonymous>() is null
            && (metadata?.GetMetadata<IAuthorizeData>() is not null || metadata?.GetMetadata<AuthorizationPolicy>() is not null);
        if (isAuthorized)
            return true;
        if (context.RequestServices.GetService<IHostEnvironment>()?.IsDevelopment() == true)
            return IsLocalName(context.Request.Host.Host);
        if (Interlocked.Exchange(ref warned, 1) == 0)
            Closed(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("LlmKit.AspNetCore.Traces"));
        return false;
    }

    /// <summary>Whether a request names the machine itself, or an address: a name of somebody else's that leads here would let that one's pages read along.</summary>
    private static bool IsLocalName(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host, out _);

    [LoggerMessage(EventName = "TracePageClosed", Level = LogLevel.Warning, Message = "The page of traces was asked for and is closed: outside of Development it needs an authorization policy. Name one in MapLlmTraces(pattern, policy), or call RequireAuthorization() on its result.")]
    private static partial void Closed(ILogger logger);
}
