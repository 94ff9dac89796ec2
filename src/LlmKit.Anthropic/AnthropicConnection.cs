using Anthropic;
using Microsoft.Extensions.AI;

namespace LlmKit.Anthropic;

/// <summary>The options of one model made ready: checked, signed, addressed.</summary>
internal static class AnthropicConnection
{
    /// <summary>What the SDK gets to send when a request sets no limit; its own 1,024 would cut answers in silence.</summary>
    internal const int DefaultMaxOutputTokens = 4_096;

    // The pipeline limits time. The SDK announces its limit in a header, where an infinite one comes out as nonsense.
    private static readonly TimeSpan BeyondEveryLimit = TimeSpan.FromDays(1);

    /// <summary>Checks the options and makes the client. Sends nothing.</summary>
    /// <param name="options">The settings of one model.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="time">The clock for a Retry-After that is a date; the system's by default.</param>
    /// <exception cref="LlmConfigurationException">The options contradict each other, or no key was found.</exception>
    internal static AnthropicChatClient Open(AnthropicModelOptions options, Func<string, string?> environment, TimeProvider? time = null)
    {
        var errors = AnthropicModelOptionsValidator.Validate(options).ToList();
        if (errors.Count > 0) throw new LlmConfigurationException(errors);

        var key = FindKey(options, environment);
        var client = options.Client?.WithOptions(o => o with { MaxRetries = 0, Timeout = BeyondEveryLimit, Handlers = [.. o.Handlers, new AnswerTap()] })
            ?? Build(options, key!);
        var ownsClient = options is { Client: null, HttpClient: null };
        return new(client.AsIChatClient(options.ModelId, options.MaxOutputTokens ?? DefaultMaxOutputTokens), new(key, time ?? TimeProvider.System), ownsClient);
    }

    private static AnthropicClient Build(AnthropicModelOptions options, string key)
    {
        var settings = new global::Anthropic.Core.ClientOptions
        {
            ApiKey = key,
            MaxRetries = 0,
            Timeout = BeyondEveryLimit,
            Handlers = [new AnswerTap()],
        };
        if (options.HttpClient is not null) settings.HttpClient = options.HttpClient;
        if (options.Endpoint is not null) settings.BaseUrl = options.Endpoint.AbsoluteUri.TrimEnd('/');
        return new(settings);
    }

    private static string? FindKey(AnthropicModelOptions options, Func<string, string?> environment)
    {
        if (options.Client is not null) return null;

        var (key, source) = string.IsNullOrWhiteSpace(options.ApiKey)
            ? (environment("ANTHROPIC_API_KEY"), "the environment variable ANTHROPIC_API_KEY")
            : (options.ApiKey, "AnthropicModelOptions.ApiKey");
        if (string.IsNullOrWhiteSpace(key))
            throw new LlmConfigurationException([$"The model '{options.ModelId}' has no key. Set AnthropicModelOptions.ApiKey or the environment variable ANTHROPIC_API_KEY."]);
        if (key.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || !char.IsAscii(c)))
            throw new LlmConfigurationException([$"The key in {source} holds white space or a character outside ASCII. Copy it again, without line breaks."]);
        return key;
    }
}
