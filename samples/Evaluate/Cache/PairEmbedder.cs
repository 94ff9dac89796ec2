using System.ClientModel;
using LlmKit;
using Microsoft.Extensions.AI;
using OpenAI;
using Sdk = OpenAI.Embeddings;

namespace Evaluate;

/// <summary>Embeds pairs without a recorded cosine: by a model of OpenAI's or a compatible server, or by wording.</summary>
internal sealed class PairEmbedder(Sdk.EmbeddingClient client) : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string KeyVariable = "OPENAI_API_KEY";

    public static string NameOf(CacheSettings settings) => settings.EmbeddingModel ?? "their wording";

    /// <exception cref="UsageException">OpenAI is asked for and there is no key.</exception>
    public static IEmbeddingGenerator<string, Embedding<float>> For(CacheSettings settings)
    {
        if (settings.EmbeddingModel is not { } model)
            return new LexicalEmbeddingGenerator();
        var key = Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } found ? found
            : settings.Endpoint is not null ? "none"
            : throw new UsageException($"The option '--embeddings' needs the key in {KeyVariable}, or '--endpoint' with a server that asks for none.");
        return new PairEmbedder(new(model, new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = settings.Endpoint }));
    }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var answer = await client.GenerateEmbeddingsAsync(values, cancellationToken: cancellationToken);
        return [.. answer.Value.OrderBy(embedding => embedding.Index).Select(embedding => new Embedding<float>(embedding.ToFloats()))];
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
