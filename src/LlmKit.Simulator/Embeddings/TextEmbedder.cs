using System.Numerics.Tensors;
using LlmKit.Simulator.Answers;

namespace LlmKit.Simulator.Embeddings;

/// <summary>Turns text into a vector: hashed stems of its content words, synonyms as one concept, pairs of words with a small weight.</summary>
/// <remarks>
/// It stands in for a neural embedder only as far as the handbook's synonyms go: two texts are near when they share words or
/// synonyms, and word order, paraphrase and meaning beyond that are lost on it. The same text gives the same vector on every machine.
/// </remarks>
internal sealed class TextEmbedder
{
    public const int DefaultDimensions = 256;

    private const float PairWeight = 0.3f;
    private const int PlacesPerFeature = 4;

    // Phrases by their first stem, longest first, so that "money back guarantee" wins over "money back".
    private readonly Dictionary<string, List<(string[] Stems, string Concept)>> _phrases = new(StringComparer.Ordinal);

    public TextEmbedder(IReadOnlyList<IReadOnlyList<string>> synonyms)
    {
        foreach (var group in synonyms)
        {
            foreach (var stems in group.Select(Stems).Where(stems => stems.Length > 0))
            {
                if (!_phrases.TryGetValue(stems[0], out var phrases))
                    _phrases[stems[0]] = phrases = [];
                phrases.Add((stems, "=" + string.Join(' ', Stems(group[0]))));
            }
        }

        foreach (var phrases in _phrases.Values)
            phrases.Sort((left, right) => right.Stems.Length.CompareTo(left.Stems.Length));
    }

    public float[] Embed(string text, int dimensions)
    {
        var vector = new float[dimensions];
        var concepts = Concepts(text);
        foreach (var concept in concepts)
            Add(vector, concept, 1);
        foreach (var (left, right) in concepts.Zip(concepts.Skip(1)))
            Add(vector, left + " " + right, PairWeight);
        if (concepts.Count == 0 || TensorPrimitives.Norm<float>(vector) < 1e-6f)
            Add(vector, "\0" + text, 1);

        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }

    private List<string> Concepts(string text)
    {
        var stems = Stems(text);
        var concepts = new List<string>(stems.Length);
        for (var i = 0; i < stems.Length;)
        {
            var (length, concept) = PhraseAt(stems, i);
            if (concept is not null || !StopWords.Contains(stems[i]))
                concepts.Add(concept ?? stems[i]);
            i += length;
        }

        return concepts;
    }

    private (int Length, string? Concept) PhraseAt(string[] stems, int start)
    {
        foreach (var (phrase, concept) in _phrases.GetValueOrDefault(stems[start]) ?? [])
        {
            if (stems.AsSpan(start).StartsWith(phrase))
                return (phrase.Length, concept);
        }

        return (1, null);
    }

    private static string[] Stems(string text) =>
        [.. Phrase.Words(text).Select(word => StopWords.Contains(word) ? word : WordStem.Of(word))];

    // Several places for each feature make a clash of two words cost little.
    private static void Add(float[] vector, string feature, float weight)
    {
        var hash = StableHash.Of(feature);
        for (var i = 0; i < PlacesPerFeature; i++)
        {
            hash = StableHash.Mix(hash);
            vector[(int)(hash % (ulong)vector.Length)] += (hash >> 63) == 0 ? weight : -weight;
        }
    }
}
