using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace LlmKit.AspNetCore;

/// <summary>Where the tenant, the user and the idempotency key of a request come from.</summary>
/// <remarks>Set once, while services are being registered. The delegates are asked for every request, from many threads at once.</remarks>
public sealed class LlmHttpIdentityOptions
{
    private const string MappedTenant = "http://schemas.microsoft.com/identity/claims/tenantid";

    /// <summary>Gets or sets what gives the tenant.</summary>
    /// <value>By default the claim <c>tenant</c> or <c>tid</c> of an authenticated user; <see langword="null"/> when there is none.</value>
    public Func<HttpContext, string?> Tenant { get; set; } = static context => ClaimOf(context, "tenant", "tid", MappedTenant);

    /// <summary>Gets or sets what gives the user.</summary>
    /// <value>By default the claim <see cref="ClaimTypes.NameIdentifier"/> or <c>sub</c> of an authenticated user; <see langword="null"/> when there is none.</value>
    public Func<HttpContext, string?> User { get; set; } = static context => ClaimOf(context, ClaimTypes.NameIdentifier, "sub");

    /// <summary>Gets or sets the header with the key under which a repeated request gives the same answer.</summary>
    /// <value><c>Idempotency-Key</c> by default; <see langword="null"/> reads none.</value>
    public string? IdempotencyHeader { get; set; } = "Idempotency-Key";

    /// <summary>Gets or sets how long a key may be.</summary>
    /// <value>1 or more characters; 255 by default.</value>
    public int MaxIdempotencyKeyLength { get; set; } = 255;

    /// <summary>Takes tenant and user from headers, for a service behind a gateway that sets them.</summary>
    /// <remarks>Anybody can send a header: use it only where the gateway removes what clients send under these names. A header that is there twice, or with a comma in it, counts as missing.</remarks>
    /// <param name="tenant">The tenant's header, such as <c>X-Tenant</c>.</param>
    /// <param name="user">The user's header; <see langword="null"/> leaves <see cref="User"/> as it is.</param>
    public void FromHeader(string tenant, string? user = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenant);
        Tenant = context => HeaderOf(context, tenant);
        if (user is not null)
            User = context => HeaderOf(context, user);
    }

    private static string? ClaimOf(HttpContext context, params ReadOnlySpan<string> types)
    {
        foreach (var identity in context.User.Identities)
        {
            if (!identity.IsAuthenticated)
                continue;
            foreach (var type in types)
                if (identity.FindFirst(type)?.Value is { Length: > 0 } value)
                    return value;
        }

        return null;
    }

    private static string? HeaderOf(HttpContext context, string name) =>
        context.Request.Headers[name] is [{ Length: > 0 } value] && !value.Contains(',', StringComparison.Ordinal) ? value : null;
}
