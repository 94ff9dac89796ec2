using System.Collections;

namespace LlmKit.Text;

/// <summary>Resolves overlaps: the highest score wins, then the longest, then the earliest.</summary>
/// <remarks>
/// A match without an upper length comes before all, and the earliest of those first: a stream has to commit itself to such a match
/// before it can know its end. Touching matches are left apart. Linear in the characters of the overlapping matches.
/// </remarks>
internal static class HitMerger
{
    /// <summary>Leaves only the winners in the list, ordered by start.</summary>
    public static void Merge(List<TextHit> hits)
    {
        hits.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        if (!HasOverlap(hits))
            return;

        var origin = hits[0].Start;
        var end = 0;
        foreach (var hit in hits)
            end = Math.Max(end, hit.End);

        hits.Sort(Compare);
        var taken = new BitArray(end - origin);
        hits.RemoveAll(hit => !TryTake(taken, hit.Start - origin, hit.Length));
        hits.Sort(static (a, b) => a.Start.CompareTo(b.Start));
    }

    private static bool HasOverlap(List<TextHit> hits)
    {
        for (var i = 1; i < hits.Count; i++)
        {
            if (hits[i].Start < hits[i - 1].End)
                return true;
        }

        return false;
    }

    private static bool TryTake(BitArray taken, int start, int length)
    {
        for (var i = start; i < start + length; i++)
        {
            if (taken[i])
                return false;
        }

        for (var i = start; i < start + length; i++)
            taken[i] = true;
        return true;
    }

    private static int Compare(TextHit a, TextHit b)
    {
        if (a.Tail is null != b.Tail is null)
            return a.Tail is null ? 1 : -1;
        if (a.Tail is not null)
            return a.Start.CompareTo(b.Start);
        var byScore = b.Score.CompareTo(a.Score);
        if (byScore != 0)
            return byScore;
        var byLength = b.Length.CompareTo(a.Length);
        if (byLength != 0)
            return byLength;
        var byStart = a.Start.CompareTo(b.Start);
        return byStart != 0 ? byStart : string.CompareOrdinal(a.Rule, b.Rule);
    }
}
