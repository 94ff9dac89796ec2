using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>Who serves the model and where, as telemetry says it.</summary>
/// <param name="Provider">The provider's name; never missing, because the conventions require it.</param>
/// <param name="Address">The host, when it is known.</param>
/// <param name="Port">The port, boxed once.</param>
internal sealed record ChatEndpoint(string Provider, string? Address, object? Port)
{
    public static ChatEndpoint From(ChatClientMetadata? metadata) => From(metadata?.ProviderName, metadata?.ProviderUri);

    public static ChatEndpoint From(string? provider, Uri? address)
    {
        var uri = address is { IsAbsoluteUri: true } ? address : null;
        return new(
            string.IsNullOrWhiteSpace(provider) ? GenAiNames.Version141.UnknownProvider : provider,
            uri?.Host is { Length: > 0 } host ? host : null,
            uri is { Port: > 0 } ? uri.Port : null);
    }

    /// <summary>Gives the endpoint of the provider that answered: a router's choice may be another than the one the client names, and its address is not known.</summary>
    public ChatEndpoint For(string? provider) => provider is null || provider == Provider ? this : new(provider, Address: null, Port: null);
}
