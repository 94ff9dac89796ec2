namespace LlmKit.OpenAI;

/// <summary>Finds everything that is wrong with the options of one model, without ever repeating a key.</summary>
internal static class OpenAIModelOptionsValidator
{
    internal static IEnumerable<string> Validate(OpenAIModelOptions options)
    {
        var deployment = options.AzureEndpoint is { IsAbsoluteUri: true } azure ? AzureAddress.From(azure, options.ApiVersion) : null;
        if (string.IsNullOrWhiteSpace(options.ModelId) && deployment?.Deployment is null)
            yield return "The model has no id. Set OpenAIModelOptions.ModelId to the provider's name for it, or to the deployment's on Azure.";

        if (options is { Endpoint: not null, AzureEndpoint: not null })
            yield return "Both OpenAIModelOptions.Endpoint and AzureEndpoint are set. Keep AzureEndpoint for Azure OpenAI, or Endpoint for any other server.";
        if (options is { ApiVersion: not null, AzureEndpoint: null })
            yield return $"The API version '{options.ApiVersion}' has no Azure endpoint to go to. Set OpenAIModelOptions.AzureEndpoint, or leave ApiVersion out.";
        if (options is { HttpClient: not null, Transport: not null })
            yield return "Both OpenAIModelOptions.HttpClient and Transport are set. Keep one.";
        if (options.Dimensions <= 0)
            yield return $"The vector length '{options.Dimensions}' is not above 0. Set OpenAIModelOptions.Dimensions to a length that the model offers.";
        if (deployment is { IsPerDeployment: true, ApiVersion: null })
            yield return "The Azure endpoint names a deployment, which needs an API version. Set OpenAIModelOptions.ApiVersion to one such as '2024-10-21'.";

        foreach (var (name, url) in new[] { (nameof(options.Endpoint), options.Endpoint), (nameof(options.AzureEndpoint), options.AzureEndpoint) })
            if (url is not null && Fault(url) is { } fault)
                yield return $"OpenAIModelOptions.{name} {fault}";
        if (options.Endpoint is { IsAbsoluteUri: true } endpoint && endpoint.AbsolutePath.TrimEnd('/').EndsWith("/chat/completions", StringComparison.Ordinal))
            yield return "OpenAIModelOptions.Endpoint ends in '/chat/completions', which the SDK appends itself. Set the part before it, such as 'http://localhost:8000/v1'.";
    }

    // The URL is not repeated: people put keys into it.
    private static string? Fault(Uri url) => url switch
    {
        { IsAbsoluteUri: false } => "is not an absolute URL. Set one that starts with 'https://' or 'http://'.",
        { Scheme: not ("https" or "http") } => $"has the scheme '{url.Scheme}'. Set a URL that starts with 'https://' or 'http://'.",
        { UserInfo.Length: > 0 } => "holds a user name or password. Take it out and set OpenAIModelOptions.ApiKey.",
        _ => null,
    };
}
