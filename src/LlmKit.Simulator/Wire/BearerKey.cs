using Microsoft.AspNetCore.Http;

namespace LlmKit.Simulator.Wire;

/// <summary>Finds the key of a request: the bearer token, or the provider's own header.</summary>
internal static class BearerKey
{
    private const string Scheme = "Bearer ";

    public static string? Of(HttpRequest request, string ownHeader)
    {
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return authorization[Scheme.Length..].Trim();

        return request.Headers.TryGetValue(ownHeader, out var value) ? value.ToString() : null;
    }
}
