namespace LlmKit.Observability.Traces;

/// <summary>What was said about one answer, as it grows.</summary>
internal static class TraceScores
{
    private const int Most = 100;
    private const int MostLabel = 256;

    /// <summary>Adds a score in the order of time; one of the same name and source takes the place of the earlier. Of too many the earliest go.</summary>
    /// <remarks>By time and not as they come: files are read in the order of their names.</remarks>
    public static IReadOnlyList<TraceScore> With(IReadOnlyList<TraceScore> scores, TraceScore score)
    {
        if (score.Label?.Length > MostLabel)
            score = score with { Label = score.Label[..MostLabel] };
        if (scores.Any(known => IsSame(known) && known.At > score.At))
            return scores;
        List<TraceScore> all = [.. scores.Where(known => !IsSame(known))];
        all.Insert(all.FindLastIndex(known => known.At <= score.At) + 1, score);
        return all.Count > Most ? all[^Most..] : all;

        bool IsSame(TraceScore known) => (known.Name, known.Source) == (score.Name, score.Source);
    }
}
