using LlmKit;
using LlmKit.Models;

namespace Quickstart;

/// <summary>Where the models are served and what they cost.</summary>
/// <param name="OpenAI">The OpenAI-compatible endpoint; nothing for OpenAI itself.</param>
/// <param name="OpenAIKey">Its key.</param>
/// <param name="Anthropic">The Anthropic endpoint; nothing for Anthropic itself.</param>
/// <param name="AnthropicKey">Its key; nothing when Anthropic is not used.</param>
internal sealed record Providers(Uri? OpenAI, string? OpenAIKey, Uri? Anthropic, string? AnthropicKey)
{
    public const string SmallModel = "gpt-4.1-mini";
    public const string StrongModel = "claude-haiku-4-5";
    public const string OpenAIStrongModel = "gpt-4.1";
    public const string EmbeddingModel = "text-embedding-3-small";

    public bool HasOpenAI => OpenAIKey is not null;

    public bool HasAnthropic => AnthropicKey is not null;

    public static Providers? FromEnvironment(Uri? endpoint)
    {
        var (openAI, anthropic) = (Key("OPENAI_API_KEY"), Key("ANTHROPIC_API_KEY"));
        return endpoint is not null ? new(endpoint, openAI ?? "none", null, anthropic)
            : openAI is not null || anthropic is not null ? new(null, openAI, null, anthropic)
            : null;
    }

    public static ModelPrice PriceOf(string model) =>
        ModelCatalogue.BuiltIn.Find(model)?.Price ?? throw new InvalidOperationException($"The catalogue has no price for '{model}'.");

    private static string? Key(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } key ? key : null;
}
