namespace LlmKit.Control.Caching;

/// <summary>Refuses what nothing can be learnt from, naming pairs by their position and never by their texts.</summary>
internal static class CalibrationChecks
{
    public static void Check(IReadOnlyList<LabelledPair> pairs, double maxWrongHitRate, CacheGuards guards, bool needsSimilarity)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (!(maxWrongHitRate > 0 && maxWrongHitRate < 1))
            throw new ArgumentOutOfRangeException(nameof(maxWrongHitRate), $"The target '{maxWrongHitRate}' is not between 0 and 1. Give the most wrong hits per hit, such as 0.02.");
        if (!Enum.IsDefined(guards))
            throw new ArgumentOutOfRangeException(nameof(guards), $"The guards '{guards}' are unknown. Use a value of CacheGuards.");
        if (pairs.Count == 0)
            throw new ArgumentException("There is no labelled pair. Give one at least; to prove a target of 0.02, 149 of them must hit.", nameof(pairs));
        for (var i = 0; i < pairs.Count; i++)
        {
            if (Problem(pairs[i], i, needsSimilarity) is { } problem)
                throw new ArgumentException(problem, nameof(pairs));
        }
    }

    private static string? Problem(LabelledPair? pair, int i, bool needsSimilarity)
    {
        if (pair?.A is null || pair.B is null)
            return $"The pair at '{i}' is null or lacks a text. Give each pair two texts.";
        if (pair.Similarity is not { } similarity)
            return needsSimilarity ? $"The pair at '{i}' has no similarity. Give its cosine, or call CalibrateAsync with the embedder." : null;
        return similarity is >= -1 and <= 1 ? null : $"The similarity '{similarity}' of the pair at '{i}' is outside -1 to 1. Give the cosine of the two vectors.";
    }
}
