using LlmKit;

namespace DeskService;

/// <summary>Where the models are served. One provider alone serves both.</summary>
internal sealed record Providers(string? OpenAIKey, string? AnthropicKey, Uri? OpenAI = null, Uri? Anthropic = null)
{
    private const string SmallModel = "gpt-4.1-mini";
    private const string OtherStrongModel = "gpt-4.1";
    private const string StrongModel = "claude-haiku-4-5";

    /// <summary>Gives the providers whose keys are in the environment; <see langword="null"/> where there are none.</summary>
    public static Providers? FromEnvironment() =>
        (Key("OPENAI_API_KEY"), Key("ANTHROPIC_API_KEY")) is var (openAI, anthropic) && (openAI ?? anthropic) is not null ? new(openAI, anthropic) : null;

    public void AddModels(LlmPipelineBuilder pipeline)
    {
        if (OpenAIKey is not null)
            pipeline.AddOpenAIModel("small", SmallModel, o => (o.Endpoint, o.ApiKey) = (OpenAI, OpenAIKey));
        else
            pipeline.AddAnthropicModel("small", StrongModel, o => (o.Endpoint, o.ApiKey) = (Anthropic, AnthropicKey));
        if (AnthropicKey is not null)
            pipeline.AddAnthropicModel("strong", StrongModel, o => (o.Endpoint, o.ApiKey) = (Anthropic, AnthropicKey));
        else
            pipeline.AddOpenAIModel("strong", OtherStrongModel, o => (o.Endpoint, o.ApiKey) = (OpenAI, OpenAIKey));
    }

    private static string? Key(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } key ? key : null;
}
