using Anthropic;
using Microsoft.Extensions.Configuration;

namespace LlmKit.Anthropic;

/// <summary>Where an Anthropic model is served and how to sign in.</summary>
/// <remarks>Read once, when the model's client is built. The key is sent to the endpoint and nowhere else: it stands in no log
/// and no exception message. Retries and time limits belong to the pipeline, so the SDK's own are switched off.</remarks>
public sealed class AnthropicModelOptions : ModelOptions
{
    /// <summary>Gets or sets the key.</summary>
    /// <value>Default: the environment variable <c>ANTHROPIC_API_KEY</c>.</value>
    public string? ApiKey { get; set; }

    /// <summary>Gets or sets the root of a server with Anthropic's Messages API.</summary>
    /// <value>Default: the environment variable <c>ANTHROPIC_BASE_URL</c>, which the SDK reads, else Anthropic. The SDK appends <c>/v1/messages</c>.</value>
    public Uri? Endpoint { get; set; }

    /// <summary>Gets or sets a client of your own. Its retries and time limit are switched off in a copy; it is not disposed of with the model.</summary>
    /// <value>Default: none. With it no key is needed.</value>
    public IAnthropicClient? Client { get; set; }

    /// <summary>Gets or sets the HTTP client that sends the requests. Its own <see cref="System.Net.Http.HttpClient.Timeout"/> still applies.</summary>
    /// <value>Default: one that the SDK makes. It is not disposed of with the model.</value>
    public HttpClient? HttpClient { get; set; }

    /// <inheritdoc/>
    protected override void Bind(IConfiguration section)
    {
        base.Bind(section);
        ApiKey = section[nameof(ApiKey)] ?? ApiKey;
        // The text is not repeated: people put keys into addresses.
        if (section[nameof(Endpoint)] is { } text)
            Endpoint = Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : throw new FormatException($"'{nameof(Endpoint)}' is not an absolute URL.");
    }
}
