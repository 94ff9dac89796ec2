using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Control.Caching;

/// <summary>Gives the vectors it is told to, and remembers what it was asked.</summary>
internal sealed class ScriptedEmbedder(Func<string, CancellationToken, Task<float[]>> script, int? dimensions = null) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata _metadata = new("scripted", null, "embed-1", dimensions);
    private int _asked;

    public ScriptedEmbedder(Func<string, float[]> script, int? dimensions = null) : this((text, _) => Task.FromResult(script(text)), dimensions)
    {
    }

    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Everything looks alike: the worst embedder for a cache, and the best for its guards.</summary>
    public static ScriptedEmbedder Blurred() => new(_ => [1, 0]);

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _asked);
        var result = new GeneratedEmbeddings<Embedding<float>> { Usage = new() { InputTokenCount = 5 } };
        foreach (var value in values)
            result.Add(new(await script(value, cancellationToken)));
        return result;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
