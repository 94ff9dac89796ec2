namespace LlmKit.Text.Streaming;

/// <summary>Says where to look again behind a match without an upper length whose end another such match crosses.</summary>
/// <remarks>
/// Detectors pass over what lies in such a match. If the match itself loses its place to an earlier one, what it passed over behind
/// that one has been looked at by nobody, while a stream, which had swallowed the earlier match by then, would have.
/// </remarks>
internal static class CrossingTails
{
    /// <summary>How often to look again: each look reads the rest of the text, and ordinary texts need none.</summary>
    public const int MostLooks = 16;

    /// <summary>Forgets what was found behind the first match whose end is crossed, and gives where to look again; false if none is.</summary>
    public static bool TryForget(List<TextHit> hits, out int from)
    {
        from = 0;
        if (FindCrossed(hits) is not { } crossed)
            return false;
        hits.RemoveAll(hit => hit.Start >= crossed.Start && hit != crossed);
        from = crossed.End;
        return true;
    }

    private static TextHit? FindCrossed(List<TextHit> hits)
    {
        if (hits.Count < 2 || hits.FindAll(static hit => hit.Tail is not null && !hit.Yields) is not { Count: > 1 } tails)
            return null;
        tails.Sort(HitMerger.Compare);
        var first = tails[0];
        foreach (var tail in tails)
        {
            if (tail.Start >= first.End)
                first = tail;
            else if (tail.End > first.End)
                return first;
        }

        return null;
    }
}
