using System.Buffers;

namespace LlmKit.Orchestration.Routing.Learning.Features;

/// <summary>Reads the features of a request, and of a draft of its answer: hashed words and pairs, the call site, numbers brought to one scale.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class FeatureReader
{
    /// <summary>The number of buckets that words and pairs share.</summary>
    public const int Buckets = 1 << 15;

    /// <summary>The length of the dense vector: buckets, numbers of the prompt, numbers of the draft, the constant.</summary>
    public const int Length = Buckets + PromptStats.Count + DraftStats.Count + 1;

    // Words count together as much as one number at this scale would: the numbers are few and must not drown them.
    private const double NumberScale = 0.1;
    private const double Farthest = 4;
    private const int MostHashes = 1 << 14;

    private readonly Scale _prompt;
    private readonly Scale? _draft;

    public FeatureReader(Scale prompt, Scale? draft)
    {
        _prompt = prompt;
        _draft = draft;
    }

    /// <summary>Gets whether drafts are read too.</summary>
    public bool ReadsDrafts => _draft is not null;

    public Scale PromptScale => _prompt;

    public Scale? DraftScale => _draft;

    /// <summary>Fits the scales to examples.</summary>
    public static FeatureReader Fit(IEnumerable<RoutingExample> examples, bool withDrafts)
    {
        var (prompts, drafts) = (new ScaleFit(PromptStats.Count), new ScaleFit(DraftStats.Count));
        var numbers = new double[Math.Max(PromptStats.Count, DraftStats.Count)];
        foreach (var example in examples)
        {
            PromptStats.Write(example.Prompt, numbers);
            prompts.Add(numbers);
            if (!withDrafts)
                continue;
            DraftStats.Write(example.Prompt, example.Draft, numbers);
            drafts.Add(numbers);
        }

        return new(prompts.ToScale(), withDrafts ? drafts.ToScale() : null);
    }

    /// <summary>Reads a request.</summary>
    public FeatureVector Read(ReadOnlySpan<char> prompt, string? callSite, ReadOnlySpan<char> draft)
    {
        var buckets = ArrayPool<int>.Shared.Rent(MostHashes);
        var count = Hash(prompt, buckets);
        var hashes = buckets.AsSpan(0, count);
        hashes.Sort();
        var distinct = Distinct(hashes);
        var extra = PromptStats.Count + (ReadsDrafts ? DraftStats.Count : 0) + (callSite is null ? 0 : 1) + 1;
        var (indexes, values) = (new int[distinct + extra], new float[distinct + extra]);
        var next = WriteWords(hashes, indexes, values);
        ArrayPool<int>.Shared.Return(buckets);

        Span<double> numbers = stackalloc double[Math.Max(PromptStats.Count, DraftStats.Count)];
        PromptStats.Write(prompt, numbers);
        WriteNumbers(numbers[..PromptStats.Count], _prompt, Buckets);
        if (_draft is not null)
        {
            DraftStats.Write(prompt, draft, numbers);
            WriteNumbers(numbers[..DraftStats.Count], _draft, Buckets + PromptStats.Count);
        }

        if (callSite is not null)
            Put(WordHasher.Bucket(WordHasher.HashName(callSite), Buckets), 1);
        Put(Length - 1, 1);
        return new(indexes, values);

        void Put(int index, double value) => (indexes[next], values[next++]) = (index, (float)value);

        void WriteNumbers(ReadOnlySpan<double> raw, Scale scale, int first)
        {
            for (var i = 0; i < raw.Length; i++)
                Put(first + i, NumberScale * Math.Clamp(scale.Of(i, raw[i]), -Farthest, Farthest));
        }
    }

    private static int Hash(ReadOnlySpan<char> text, Span<int> buckets)
    {
        var words = new WordHasher(text);
        var (count, previous) = (0, 0u);
        while (count < MostHashes - 1 && words.TryNext(out var hash))
        {
            buckets[count++] = WordHasher.Bucket(hash, Buckets);
            if (count > 1)
                buckets[count++] = WordHasher.Bucket(WordHasher.Pair(previous, hash), Buckets);
            previous = hash;
        }

        return count;
    }

    private static int Distinct(ReadOnlySpan<int> sorted)
    {
        var distinct = 0;
        for (var i = 0; i < sorted.Length; i++)
            distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
        return distinct;
    }

    /// <summary>Writes each bucket once, a repeated one by the logarithm of its count, all together of length 1.</summary>
    private static int WriteWords(ReadOnlySpan<int> sorted, int[] indexes, float[] values)
    {
        var (next, squares) = (0, 0.0);
        for (var i = 0; i < sorted.Length;)
        {
            var end = i + 1;
            while (end < sorted.Length && sorted[end] == sorted[i])
                end++;
            var value = 1 + Math.Log(end - i);
            (indexes[next], values[next++]) = (sorted[i], (float)value);
            squares += value * value;
            i = end;
        }

        var norm = (float)Math.Sqrt(Math.Max(squares, 1));
        for (var i = 0; i < next; i++)
            values[i] /= norm;
        return next;
    }
}
