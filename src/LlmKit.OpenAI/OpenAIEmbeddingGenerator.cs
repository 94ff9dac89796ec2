using LlmKit.OpenAI.Failures;
using Microsoft.Extensions.AI;
using OpenAI;
using Sdk = OpenAI.Embeddings;

namespace LlmKit.OpenAI;

/// <summary>OpenAI's embeddings as an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>.</summary>
/// <remarks>Safe to use from any thread. One call is one request: the provider's limit of inputs per request is the caller's to keep.</remarks>
internal sealed class OpenAIEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly OpenAIConnection _connection;
    private readonly Sdk.EmbeddingClient _client;
    private readonly EmbeddingGeneratorMetadata _metadata;

    internal OpenAIEmbeddingGenerator(OpenAIConnection connection)
    {
        _connection = connection;
        _client = connection.ClientFor(connection.ModelId).GetEmbeddingClient(connection.ModelId);
        _metadata = new(connection.ProviderName, connection.Endpoint, connection.ModelId, connection.Dimensions);
    }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        List<string> inputs = [.. values];
        if (inputs.Count == 0) return [];

        var settings = options?.RawRepresentationFactory?.Invoke(this) as Sdk.EmbeddingGenerationOptions ?? new();
        settings.Dimensions ??= options?.Dimensions ?? _metadata.DefaultModelDimensions;
        try
        {
            var result = await ClientFor(options).GenerateEmbeddingsAsync(inputs, settings, cancellationToken).ConfigureAwait(false);
            return Read(result.Value, inputs.Count);
        }
        catch (Exception e) when (_connection.Failures.Note(e) is { } better)
        {
            throw better;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType == typeof(Sdk.EmbeddingClient) ? _client
            : serviceType == typeof(OpenAIClient) ? _connection.ClientFor(_connection.ModelId)
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    public void Dispose()
    {
        // The SDK's clients own nothing: connections belong to the shared transport or to the caller's HTTP client.
    }

    private static GeneratedEmbeddings<Embedding<float>> Read(Sdk.OpenAIEmbeddingCollection answer, int expected)
    {
        if (answer.Patch.Contains("$.error"u8) && ErrorBody.Reported(answer.Patch.GetJson("$.error"u8).ToMemory()) is { } error)
            throw UnreadableAnswerException.WithError(error);
        if (answer.Count != expected) throw UnreadableAnswerException.WrongCount(expected, answer.Count);

        // The position says which input a vector belongs to; the order on the wire promises nothing.
        var vectors = answer.OrderBy(e => e.Index).Select(e => new Embedding<float>(e.ToFloats()) { ModelId = answer.Model });
        return new(vectors) { Usage = UsageOf(answer.Usage) };
    }

    private static UsageDetails? UsageOf(Sdk.EmbeddingTokenUsage? usage) => usage is null or { InputTokenCount: 0, TotalTokenCount: 0 }
        ? null
        : new() { InputTokenCount = usage.InputTokenCount, TotalTokenCount = usage.TotalTokenCount };

    private Sdk.EmbeddingClient ClientFor(EmbeddingGenerationOptions? options) =>
        options?.ModelId is { Length: > 0 } modelId && modelId != _connection.ModelId
            ? _connection.ClientFor(modelId).GetEmbeddingClient(modelId)
            : _client;
}
