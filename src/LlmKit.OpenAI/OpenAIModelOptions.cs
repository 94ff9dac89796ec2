using System.ClientModel.Primitives;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenAI;

namespace LlmKit.OpenAI;

/// <summary>Where an OpenAI model is served and how to sign in: OpenAI itself, Azure OpenAI, or any server with OpenAI's chat completions.</summary>
/// <remarks>Read once, when the model's client is built. Keys are sent to the endpoint and nowhere else: they stand in no log
/// and no exception message. Retries and time limits belong to the pipeline, so the SDK's own are switched off, except in a
/// <see cref="Client"/> of your own, which keeps what you gave it.</remarks>
public sealed class OpenAIModelOptions : ModelOptions
{
    /// <summary>Gets or sets the key.</summary>
    /// <value>Default: the environment variable <c>OPENAI_API_KEY</c>, or <c>AZURE_OPENAI_API_KEY</c> with <see cref="AzureEndpoint"/>.
    /// A server that asks for no key takes any text.</value>
    public string? ApiKey { get; set; }

    /// <summary>Gets or sets the root of an OpenAI-compatible server, such as <c>http://localhost:11434/v1</c>.</summary>
    /// <value>Default: OpenAI. The SDK appends <c>/chat/completions</c>.</value>
    public Uri? Endpoint { get; set; }

    /// <summary>Gets or sets an Azure OpenAI endpoint: the resource (<c>https://name.openai.azure.com</c>), its
    /// <c>/openai/v1</c> root, or a deployment (<c>…/openai/deployments/name</c>).</summary>
    /// <value>Default: none. Excludes <see cref="Endpoint"/>.</value>
    public Uri? AzureEndpoint { get; set; }

    /// <summary>Gets or sets Azure's API version.</summary>
    /// <value>Default: none, which uses the versionless <c>/openai/v1</c> root. A dated version such as <c>2024-10-21</c>
    /// addresses the deployment by path; a word such as <c>preview</c> goes to <c>/openai/v1</c>.</value>
    public string? ApiVersion { get; set; }

    /// <summary>Gets or sets the organisation that the requests are billed to.</summary>
    /// <value>Default: the key's own.</value>
    public string? Organization { get; set; }

    /// <summary>Gets or sets the project that the requests are billed to.</summary>
    /// <value>Default: the key's own.</value>
    public string? Project { get; set; }

    /// <summary>Gets or sets whether the output limit is sent under its older name, <c>max_tokens</c>, which most compatible
    /// servers know and OpenAI's reasoning models refuse.</summary>
    /// <value>Default: <see langword="true"/> with an <see cref="Endpoint"/> outside openai.com, else <see langword="false"/>.
    /// A server that ignores the name it gets ignores the limit too, and with it what the call may cost.</value>
    public bool? SendMaxTokens { get; set; }

    /// <summary>Gets or sets the length of the vectors that an embedding model is asked for; chat models have no use for it.</summary>
    /// <value>Above 0; default: the model's own.</value>
    public int? Dimensions { get; set; }

    /// <summary>Gets or sets a client of your own, used in place of one made from these options.</summary>
    /// <value>Default: none. Give it <c>new ClientRetryPolicy(maxRetries: 0)</c>: retries below the pipeline are neither
    /// counted nor limited by it.</value>
    public OpenAIClient? Client { get; set; }

    /// <summary>Gets or sets how requests are signed, such as a bearer token from Microsoft Entra ID.</summary>
    /// <value>Default: none, which signs with the key. With it no key is needed.</value>
    public AuthenticationPolicy? AuthenticationPolicy { get; set; }

    /// <summary>Gets or sets the HTTP client that sends the requests. Its own <see cref="System.Net.Http.HttpClient.Timeout"/> still applies.</summary>
    /// <value>Default: one that the SDK shares. It is not disposed of with the model.</value>
    public HttpClient? HttpClient { get; set; }

    /// <summary>Gets or sets the transport of the SDK's pipeline, for those who need more than an <see cref="HttpClient"/>.</summary>
    /// <value>Default: none. Excludes <see cref="HttpClient"/>.</value>
    public PipelineTransport? Transport { get; set; }

    /// <inheritdoc/>
    protected override void Bind(IConfiguration section)
    {
        base.Bind(section);
        ApiKey = section[nameof(ApiKey)] ?? ApiKey;
        Endpoint = Address(section, nameof(Endpoint)) ?? Endpoint;
        AzureEndpoint = Address(section, nameof(AzureEndpoint)) ?? AzureEndpoint;
        ApiVersion = section[nameof(ApiVersion)] ?? ApiVersion;
        Organization = section[nameof(Organization)] ?? Organization;
        Project = section[nameof(Project)] ?? Project;
        if (section[nameof(SendMaxTokens)] is { } sends)
            SendMaxTokens = bool.TryParse(sends, out var flag) ? flag : throw new FormatException($"'{nameof(SendMaxTokens)}' is '{sends}', not true or false.");
        if (section[nameof(Dimensions)] is { } dimensions)
            Dimensions = int.TryParse(dimensions, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new FormatException($"'{nameof(Dimensions)}' is '{dimensions}', not a whole number.");
    }

    // The text is not repeated: people put keys into addresses.
    private static Uri? Address(IConfiguration section, string name) => section[name] is not { } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) ? url
        : throw new FormatException($"'{name}' is not an absolute URL.");
}
