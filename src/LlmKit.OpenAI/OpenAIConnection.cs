using System.ClientModel;
using System.ClientModel.Primitives;
using LlmKit.OpenAI.Failures;
using OpenAI;

namespace LlmKit.OpenAI;

/// <summary>The options of one model made ready: checked, signed, addressed.</summary>
internal sealed class OpenAIConnection
{
    private static readonly Uri OpenAIEndpoint = new("https://api.openai.com/v1");

    private readonly OpenAIModelOptions _options;
    private readonly AuthenticationPolicy? _authentication;
    private readonly AzureAddress? _azure;
    private readonly OpenAIClient? _client;

    private OpenAIConnection(OpenAIModelOptions options, string? key, TimeProvider time)
    {
        _options = options;
        _azure = options.AzureEndpoint is null ? null : AzureAddress.From(options.AzureEndpoint, options.ApiVersion);
        Failures = new(key, time);
        _authentication = options.AuthenticationPolicy ?? (key is null ? null : SignWith(key));
        ModelId = string.IsNullOrWhiteSpace(options.ModelId) ? _azure!.Deployment! : options.ModelId;
        _client = options.Client ?? (_azure is { IsPerDeployment: true } ? null : Build(ModelId));
    }

    /// <summary>Gets what classifies the failures of this connection and keeps the key out of them.</summary>
    internal FailureNotes Failures { get; }

    internal string ModelId { get; }

    internal string ProviderName => _azure is null ? "openai" : "azure.ai.openai";

    internal Uri Endpoint => _client?.Endpoint ?? AddressOf(ModelId);

    internal int? Dimensions => _options.Dimensions;

    internal bool SendsMaxTokens => _options.SendMaxTokens
        ?? (_azure is null && !IsOpenAI(Endpoint.Host));

    /// <summary>Checks the options and makes the connection. Sends nothing.</summary>
    /// <param name="options">The settings of one model.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="time">The clock for a Retry-After that is a date; the system's by default.</param>
    /// <exception cref="LlmConfigurationException">The options contradict each other, or no key was found.</exception>
    internal static OpenAIConnection Open(OpenAIModelOptions options, Func<string, string?> environment, TimeProvider? time = null)
    {
        var errors = OpenAIModelOptionsValidator.Validate(options).ToList();
        if (errors.Count > 0) throw new LlmConfigurationException(errors);
        return new(options, FindKey(options, environment), time ?? TimeProvider.System);
    }

    /// <summary>Gets the SDK's client for a model. Where the URL names the deployment, each has its own.</summary>
    internal OpenAIClient ClientFor(string modelId) => _client ?? Build(modelId);

    private OpenAIClient Build(string modelId)
    {
        var settings = new OpenAIClientOptions
        {
            Endpoint = AddressOf(modelId),
            OrganizationId = _options.Organization,
            ProjectId = _options.Project,
            // The pipeline holds retries and limits. Below it they would be neither counted nor paid for.
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        if (_options.Transport is not null) settings.Transport = _options.Transport;
        else if (_options.HttpClient is not null) settings.Transport = new HttpClientPipelineTransport(_options.HttpClient);
        if (_azure?.ApiVersion is { } version) settings.AddPolicy(new ApiVersionPolicy(version), PipelinePosition.PerCall);
        settings.AddPolicy(new LimitTap(), PipelinePosition.PerTry);
        return new(_authentication!, settings);
    }

    // A URL that names the deployment means the model of these options, whatever its id; another model is another deployment.
    private Uri AddressOf(string modelId) =>
        _azure?.UrlOf(modelId == ModelId ? _azure.Deployment ?? modelId : modelId) ?? _options.Endpoint ?? OpenAIEndpoint;

    private ApiKeyAuthenticationPolicy SignWith(string key) => _azure is null
        ? ApiKeyAuthenticationPolicy.CreateBearerAuthorizationPolicy(new ApiKeyCredential(key))
        : ApiKeyAuthenticationPolicy.CreateHeaderApiKeyPolicy(new ApiKeyCredential(key), "api-key");

    private static string? FindKey(OpenAIModelOptions options, Func<string, string?> environment)
    {
        if (options.Client is not null || options.AuthenticationPolicy is not null) return null;

        var variable = options.AzureEndpoint is null ? "OPENAI_API_KEY" : "AZURE_OPENAI_API_KEY";
        var (key, source) = string.IsNullOrWhiteSpace(options.ApiKey)
            ? (environment(variable), $"the environment variable {variable}")
            : (options.ApiKey, "OpenAIModelOptions.ApiKey");
        if (string.IsNullOrWhiteSpace(key))
            throw new LlmConfigurationException([$"The model '{options.ModelId}' has no key. Set OpenAIModelOptions.ApiKey or the environment variable {variable}; a server that asks for no key takes any text."]);
        if (key.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || !char.IsAscii(c)))
            throw new LlmConfigurationException([$"The key in {source} holds white space or a character outside ASCII. Copy it again, without line breaks."]);
        return key;
    }

    private static bool IsOpenAI(string host) =>
        host.EndsWith(".openai.com", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".azure.com", StringComparison.OrdinalIgnoreCase);
}
