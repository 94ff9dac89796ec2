using LlmKit.Control.Caching;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Embeds texts by their wording, in this process and without a model: words, pairs of words and parts of words, hashed.</summary>
/// <remarks>
/// <para>
/// Thread-safe; needs no disposal. A question takes some 3 µs and 4 KB. The same text gives the same vector in every process and on every
/// machine, whatever its culture. Texts do not leave the process, and none can be read from a vector.
/// </para>
/// <para>
/// This is no semantic embedder and its scores say nothing about meaning: it finds requests that repeat an earlier one in nearly the same words,
/// which is 2 to 9 % of paraphrases, and it does not see the order of distant words. On paraphrases in other words, and on texts that differ in
/// the one word that matters, it is as good as chance. It declares the threshold 0.98 (<see cref="DeclaredSimilarity"/>): there, with balanced guards
/// and the guard on the order of words, 9 of 10 hits on pairs of real questions are right, and 85 of 100 without guards. Where a model for embeddings is at
/// hand, register that with <c>AddEmbeddings</c> instead.
/// </para>
/// <para>
/// Features, each at a place and with a sign of its hash in 1,024 dimensions: a word's stem 1.0, a pair of neighbours 0.5, each of a word's n
/// groups of 3 to 5 characters 0.7 / √n, all times 0.15 for a word that carries no meaning; then divided by the vector's length. (Hashing
/// with signs: Weinberger et al., Feature Hashing for Large Scale Multitask Learning, 2009.) A text of signs alone is embedded by its signs, an empty
/// one as the zero vector, which the cache refuses.
/// </para>
/// </remarks>
/// <example><code>pipeline.UseSemanticCache(cache => cache.Embedder = new LexicalEmbeddingGenerator());</code></example>
public sealed class LexicalEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string ModelId = "lexical-1";

    private static readonly EmbeddingGeneratorMetadata s_metadata = new("llmkit", null, ModelId, LexicalVector.Dimensions);
    private static readonly DeclaredSimilarity s_similarity = new(0.98)
    {
        IgnoresWordOrder = true,
        Basis = "With balanced guards and the guard on the order of words, 0.98 hits 8 % of the paraphrases among 2,520 pairs of questions, and 90 % of its hits are right; "
            + "among 2,496 pairs of sentences in which the order decides, 14 % and 99 %. At 0.97 it is 10 % and 87 %, 15 % and 99 %.",
    };

    /// <summary>Embeds each text; never waits.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options">Nothing, or 1,024 as the dimensions; the rest is not looked at.</param>
    /// <param name="cancellationToken">Looked at between two texts.</param>
    /// <returns>The vectors in the order of the texts, each of length 1, or zero for a text without any sign.</returns>
    /// <exception cref="ArgumentException">A text is <see langword="null"/>, or other dimensions than 1,024 are asked for.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions && dimensions != LexicalVector.Dimensions)
            throw new ArgumentException($"The lexical embedder has {LexicalVector.Dimensions} dimensions and not '{dimensions}'. Leave EmbeddingGenerationOptions.Dimensions out.", nameof(options));
        var embeddings = new GeneratedEmbeddings<Embedding<float>>(values is ICollection<string> known ? known.Count : 1);
        foreach (var value in values)
        {
            if (cancellationToken.IsCancellationRequested)
                return Task.FromCanceled<GeneratedEmbeddings<Embedding<float>>>(cancellationToken);
            if (value is null)
                throw new ArgumentException("One of the texts is null. Pass an empty text where there is none.", nameof(values));
            embeddings.Add(new(LexicalVector.Of(value)) { ModelId = ModelId });
        }

        return Task.FromResult(embeddings);
    }

    /// <summary>Gives the metadata, the declared similarity, the price or this object.</summary>
    /// <param name="serviceType">The type asked for.</param>
    /// <param name="serviceKey">Nothing is kept under a key.</param>
    /// <returns>It, or <see langword="null"/>.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? s_metadata
            : serviceType == typeof(DeclaredSimilarity) ? s_similarity
            : serviceType == typeof(ModelPrice) ? ModelPrice.Free
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Does nothing: there is nothing to release.</summary>
    public void Dispose()
    {
    }
}
