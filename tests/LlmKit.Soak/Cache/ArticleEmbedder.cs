using System.Globalization;
using Microsoft.Extensions.AI;

namespace LlmKit.Soak.Cache;

/// <summary>An embedder in this process to which all wordings are one, and an article and its neighbour too: telling these apart is left to the guards.</summary>
internal sealed class ArticleEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    private const int Dimensions = 64;

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        return [.. values.Select(value => new Embedding<float>(Embed(value)))];
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static float[] Embed(string text)
    {
        var article = int.Parse(text.Split(' ').First(word => word.Length > 0 && char.IsAsciiDigit(word[0])).TrimEnd('?', '.'), CultureInfo.InvariantCulture);
        var chance = new Random(article / 2);
        var vector = new float[Dimensions];
        for (var i = 0; i < Dimensions; i++)
            vector[i] = chance.NextSingle() - 0.5f;
        return vector;
    }
}
