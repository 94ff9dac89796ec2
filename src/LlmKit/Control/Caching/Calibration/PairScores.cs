namespace LlmKit.Control.Caching;

/// <summary>The similarities of the pairs that the guards let pass.</summary>
/// <param name="Same">Those of the pairs that are the same, sorted.</param>
/// <param name="Different">Those of the others, sorted.</param>
/// <param name="AllSame">How many pairs are the same, those among them that the guards forbid.</param>
internal sealed record PairScores(double[] Same, double[] Different, int AllSame)
{
    /// <summary>Cosines that are computed in single precision miss a threshold by so much though they are meant to meet it.</summary>
    private const double Rounding = 1e-6;

    public static PairScores Of(IReadOnlyList<LabelledPair> pairs, CacheGuards guards, bool ignoresWordOrder)
    {
        List<double> same = [];
        List<double> different = [];
        var allSame = 0;
        foreach (var pair in pairs)
        {
            allSame += pair.Same ? 1 : 0;
            if (GuardSet.Veto(TextFacets.Of(pair.A), TextFacets.Of(pair.B), guards, ignoresWordOrder) is null)
                (pair.Same ? same : different).Add(pair.Similarity!.Value);
        }

        same.Sort();
        different.Sort();
        return new([.. same], [.. different], allSame);
    }

    public CalibrationPoint At(double threshold) => new(threshold, From(Same, threshold), From(Different, threshold), AllSame);

    private static int From(double[] sorted, double threshold)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] >= threshold - Rounding)
                high = middle;
            else
                low = middle + 1;
        }

        return sorted.Length - low;
    }
}
