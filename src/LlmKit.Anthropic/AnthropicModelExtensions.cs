using LlmKit.Anthropic;
using LlmKit.Anthropic.Failures;
using LlmKit.Models;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit;

/// <summary>Adds Anthropic's models to a pipeline.</summary>
public static class AnthropicModelExtensions
{
    /// <summary>Adds a chat model.</summary>
    /// <remarks>
    /// It goes through the SDK's own mapping, which sends no temperature, top-p, top-k, penalties or seed: the Messages API that it
    /// speaks has none, and <see cref="ModelOptions.SamplingParameters"/> says so. An output limit is always sent. Tokens read from and written to the provider's cache are part of the reported
    /// input. The request and the answer are sensitive; they go to the endpoint and nowhere else.
    /// </remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="name">The name for routes, limits and reports, and of the section <c>LlmKit:&lt;pipeline&gt;:Models:&lt;name&gt;</c>.</param>
    /// <param name="modelId">Anthropic's name for the model.</param>
    /// <param name="configure">Sets the key, the endpoint and the model's facts; configuration wins over it.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> or <paramref name="modelId"/> is empty.</exception>
    public static LlmPipelineBuilder AddAnthropicModel(
        this LlmPipelineBuilder builder, string name, string modelId, Action<AnthropicModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(modelId);
        return builder.AddModel<AnthropicModelOptions>(
            name,
            (options, services) => AnthropicConnection.Open(options, Environment.GetEnvironmentVariable, services.GetService<TimeProvider>()),
            options =>
            {
                (options.ModelId, options.SamplingParameters) = (modelId, SamplingParameters.None);
                configure?.Invoke(options);
                options.ClassifyFailure += FailureNotes.Find;
            });
    }
}
