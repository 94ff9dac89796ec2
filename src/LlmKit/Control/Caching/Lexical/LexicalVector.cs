using System.Buffers;
using System.Numerics.Tensors;

namespace LlmKit.Control.Caching;

/// <summary>Makes the vector of a text from its wording.</summary>
internal static class LexicalVector
{
    public const int Dimensions = 1_024;

    private const float WordWeight = 1.0f;
    private const float PairWeight = 0.5f;
    private const float PartsWeight = 0.7f;
    private const float StopWeight = 0.15f;
    private const int ShortestPart = 3;
    private const int LongestPart = 5;

    // The kinds of features are hashed apart, so that a word is not its own part.
    private const uint PairSeed = 0x9E3779B9;
    private const uint PartSeed = 0x85EBCA6B;
    private const uint SignSeed = 0xC2B2AE35;

    public static float[] Of(string text)
    {
        var vector = new float[Dimensions];
        var plain = PlainCharacters.Of(text);

        // One place more at each end: the parts of a word include its edges.
        var buffer = ArrayPool<char>.Shared.Rent(plain.Length + 2);
        try
        {
            if (!AddWords(vector, plain, buffer))
                AddSigns(vector, plain);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }

        var norm = TensorPrimitives.Norm(vector);
        if (norm > 0)
            TensorPrimitives.Divide(vector, norm, vector);
        return vector;
    }

    private static bool AddWords(float[] vector, string text, char[] buffer)
    {
        var found = false;
        uint before = 0;
        var weightBefore = 0f;
        var spans = new WordSpans(text);
        while (spans.MoveNext())
        {
            var word = buffer.AsSpan(0, spans.Current.Length + 2);
            spans.Current.ToLowerInvariant(word[1..]);
            var length = spans.Current.Length;
            var weight = GuardLexicon.IsStop(word[1..(length + 1)]) ? StopWeight : 1;
            length = WordStem.Shorten(word[1..(length + 1)]);
            var stem = WordHash.Of(word[1..(length + 1)]);
            Add(vector, stem, WordWeight * weight);
            if (found)
                Add(vector, WordHash.Mix((before * 31) ^ stem ^ PairSeed), PairWeight * MathF.Sqrt(weight * weightBefore));
            (word[0], word[length + 1]) = ('_', '_');
            AddParts(vector, word[..(length + 2)], PartsWeight * weight);
            (found, before, weightBefore) = (true, stem, weight);
        }

        return found;
    }

    private static void AddParts(float[] vector, ReadOnlySpan<char> word, float weight)
    {
        var parts = 0;
        for (var length = ShortestPart; length <= LongestPart && length <= word.Length; length++)
            parts += word.Length - length + 1;
        if (parts == 0)
            return;
        var each = weight / MathF.Sqrt(parts);
        for (var length = ShortestPart; length <= LongestPart; length++)
        {
            for (var start = 0; start + length <= word.Length; start++)
                Add(vector, WordHash.Of(word.Slice(start, length), PartSeed), each);
        }
    }

    /// <summary>A text without words: its signs, and those that stand beside each other.</summary>
    private static void AddSigns(float[] vector, string text)
    {
        var before = '\0';
        foreach (var sign in text)
        {
            if (char.IsWhiteSpace(sign))
                continue;
            Add(vector, WordHash.Mix(sign ^ SignSeed), WordWeight);
            if (before != '\0')
                Add(vector, WordHash.Mix((before * 31u) ^ sign ^ PairSeed), PairWeight);
            before = sign;
        }
    }

    private static void Add(float[] vector, uint hash, float weight) => vector[hash % Dimensions] += (int)hash < 0 ? -weight : weight;
}
