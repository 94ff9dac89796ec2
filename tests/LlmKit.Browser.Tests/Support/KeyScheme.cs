using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LlmKit.Browser.Tests.Support;

/// <summary>Knows whoever sends a header.</summary>
internal sealed class KeyScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        Request.Headers.ContainsKey("X-Key") ? AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new("name", "ops")], "key")), "key")) : AuthenticateResult.NoResult());
}
