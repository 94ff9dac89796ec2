using LlmKit.OpenAI;
using LlmKit.OpenAI.Failures;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit;

/// <summary>Adds models of OpenAI, Azure OpenAI and OpenAI-compatible servers to a pipeline.</summary>
public static class OpenAIModelExtensions
{
    /// <summary>Adds a chat model.</summary>
    /// <remarks>
    /// It goes over chat completions: hosted tools, <c>TopK</c> and earlier turns' reasoning have no place there and are left out; a
    /// <c>ConversationId</c> is not kept. A JSON schema is asked for strictly where strictness does not change it. Of the additional
    /// properties <c>strict</c>, <c>user</c>, <c>store</c> and <c>service_tier</c> are sent, and <c>detail</c> of an image. A refusal comes
    /// back as an <see cref="Microsoft.Extensions.AI.ErrorContent"/> with the finish reason <c>content_filter</c>. The request and the
    /// answer are sensitive; they go to the endpoint and nowhere else.
    /// </remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="name">The name for routes, limits and reports, and of the section <c>LlmKit:&lt;pipeline&gt;:Models:&lt;name&gt;</c>.</param>
    /// <param name="modelId">The model's id at the provider, or the deployment's name on Azure.</param>
    /// <param name="configure">Sets where the model is served, the key and the model's facts; configuration wins over it.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> or <paramref name="modelId"/> is empty.</exception>
    public static LlmPipelineBuilder AddOpenAIModel(
        this LlmPipelineBuilder builder, string name, string modelId, Action<OpenAIModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(modelId);
        return builder.AddModel<OpenAIModelOptions>(name, (options, services) => new OpenAIChatClient(Open(options, services)), Defaults(modelId, configure));
    }

    /// <summary>Adds an embedding model.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="name">The name for limits and reports, and of the section <c>LlmKit:&lt;pipeline&gt;:Models:&lt;name&gt;</c>.</param>
    /// <param name="modelId">The model's id at the provider, or the deployment's name on Azure.</param>
    /// <param name="configure">Sets where the model is served, the key, the vectors' length and the model's price; configuration wins over it.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> or <paramref name="modelId"/> is empty.</exception>
    public static LlmPipelineBuilder AddOpenAIEmbeddings(
        this LlmPipelineBuilder builder, string name, string modelId, Action<OpenAIModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(modelId);
        return builder.AddEmbeddings<OpenAIModelOptions>(name, (options, services) => new OpenAIEmbeddingGenerator(Open(options, services)), Defaults(modelId, configure));
    }

    private static OpenAIConnection Open(OpenAIModelOptions options, IServiceProvider services) =>
        OpenAIConnection.Open(options, Environment.GetEnvironmentVariable, services.GetService<TimeProvider>());

    private static Action<OpenAIModelOptions> Defaults(string modelId, Action<OpenAIModelOptions>? configure) => options =>
    {
        options.ModelId = modelId;
        configure?.Invoke(options);
        options.ClassifyFailure += FailureNotes.Find;
    };
}
