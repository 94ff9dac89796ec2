using System.Numerics.Tensors;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>Computes the similarities that pairs lack.</summary>
internal static class PairEmbeddings
{
    public static async Task<IReadOnlyList<LabelledPair>> FillAsync(
        IReadOnlyList<LabelledPair> pairs, IEmbeddingGenerator<string, Embedding<float>> embedder, int batchSize, CancellationToken cancellationToken)
    {
        var texts = pairs.Where(pair => pair.Similarity is null).SelectMany(pair => new[] { pair.A, pair.B }).Distinct(StringComparer.Ordinal);
        var vectors = new Dictionary<string, ReadOnlyMemory<float>>(StringComparer.Ordinal);
        foreach (var batch in texts.Chunk(batchSize))
        {
            var embeddings = await embedder.GenerateAsync(batch, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (embeddings?.Count != batch.Length)
                throw new InvalidOperationException($"The embedder gave '{embeddings?.Count ?? 0}' vectors for '{batch.Length}' texts. Use one that gives a vector for each text.");
            for (var i = 0; i < batch.Length; i++)
                vectors.Add(batch[i], embeddings[i].Vector);
        }

        return [.. pairs.Select((pair, i) => pair.Similarity is null ? pair with { Similarity = Cosine(vectors[pair.A].Span, vectors[pair.B].Span, i) } : pair)];
    }

    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int i)
    {
        if (a.IsEmpty || a.Length != b.Length)
            throw new InvalidOperationException($"The embedder gave the pair at '{i}' vectors of '{a.Length}' and '{b.Length}' dimensions. Use one whose vectors are all alike.");
        double cosine = TensorPrimitives.CosineSimilarity(a, b);
        if (!double.IsFinite(cosine))
            throw new InvalidOperationException($"The embedder gave the pair at '{i}' a vector without direction. Leave pairs with an empty text out.");

        // Rounding may carry equal vectors beyond 1.
        return Math.Clamp(cosine, -1, 1);
    }
}
