namespace LlmKit.Observability.Traces;

/// <summary>What was said about one answer, as it grows.</summary>
internal static class TraceScores
{
    private const int Most = 100;
    private const int MostLabel = 256;

    /// <summary>Adds a score; one of the same name and source takes the place of the earlier. Of too many the earliest go.</summary>
    public static IReadOnlyList<TraceScore> With(IReadOnlyList<TraceScore> scores, TraceScore score)
    {
        if (score.Label?.Length > MostLabel)
            score = score with { Label = score.Label[..MostLabel] };
        List<TraceScore> all = [.. scores.Where(known => (known.Name, known.Source) != (score.Name, score.Source)), score];
        return all.Count > Most ? all[^Most..] : all;
    }
}
