using LlmKit.Models;

namespace LlmKit.Anthropic;

/// <summary>Finds everything that is wrong with the options of one model, without ever repeating a key.</summary>
internal static class AnthropicModelOptionsValidator
{
    internal static IEnumerable<string> Validate(AnthropicModelOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ModelId))
            yield return "The model has no id. Set AnthropicModelOptions.ModelId to Anthropic's name for it.";
        if (options.Client is not null && (options.Endpoint is not null || options.HttpClient is not null))
            yield return "AnthropicModelOptions.Client is set beside Endpoint or HttpClient, which it would ignore. Set them on the client, or leave the client out.";
        if (options.SamplingParameters is { } sampling and not SamplingParameters.None)
            yield return $"AnthropicModelOptions.SamplingParameters is '{sampling}', but the SDK sends neither temperature nor seed. Leave it unset.";
        // The URL is not repeated: people put keys into it.
        if (options.Endpoint is { IsAbsoluteUri: false } or { IsAbsoluteUri: true, Scheme: not ("https" or "http") })
            yield return "AnthropicModelOptions.Endpoint is not a web address. Set one that starts with 'https://' or 'http://'.";
        else if (options.Endpoint is { UserInfo.Length: > 0 })
            yield return "AnthropicModelOptions.Endpoint holds a user name or password. Take it out and set AnthropicModelOptions.ApiKey.";
        else if (options.Endpoint is { } endpoint && endpoint.AbsolutePath.TrimEnd('/').EndsWith("/v1/messages", StringComparison.Ordinal))
            yield return "AnthropicModelOptions.Endpoint ends in '/v1/messages', which the SDK appends itself. Set the part before it.";
    }
}
