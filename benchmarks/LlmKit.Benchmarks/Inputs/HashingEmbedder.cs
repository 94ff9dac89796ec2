using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Inputs;

/// <summary>An embedder that answers at once: each word adds one to the dimension of its hash.</summary>
internal sealed class HashingEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    private const int Dimensions = 384;

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(value => new Embedding<float>(Vector(value)))));

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("hashing", null, "hashing-1", Dimensions) : null;

    public void Dispose()
    {
    }

    private static float[] Vector(string text)
    {
        var vector = new float[Dimensions];
        foreach (var word in text.Split(' '))
            vector[(int)((uint)StableHash(word) % Dimensions)]++;
        return vector;
    }

    private static int StableHash(string word)
    {
        var hash = 17;
        foreach (var letter in word)
            hash = (hash * 31) + letter;
        return hash;
    }
}
