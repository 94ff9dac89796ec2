using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>A generator that gives every text the same vector and reports so many tokens.</summary>
internal sealed class FixedEmbeddingGenerator(int tokens) : IEmbeddingGenerator<string, Embedding<float>>
{
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(new float[] { 1 }))) { Usage = new() { InputTokenCount = tokens } });

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
