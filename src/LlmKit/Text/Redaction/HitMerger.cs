using System.Collections;

namespace LlmKit.Text;

/// <summary>Resolves overlaps: the highest score wins, then the longest, then the earliest.</summary>
/// <remarks>
/// A match that yields comes last. A match without an upper length comes before the others, and the earliest of those first: a stream has
/// to commit itself to such a match before it can know its end. Of several that start together the one that is certain first goes before.
/// Touching matches are left apart. Linear in the characters of the overlapping matches.
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
        var tails = hits.FindAll(hit => hit.Tail is not null && !hit.Yields && TryTake(taken, hit.Start - origin, hit.Length));
        hits.RemoveAll(hit => (!hit.Yields && (hit.Tail is not null || IsSwallowed(hit, tails))) || !TryTake(taken, hit.Start - origin, hit.Length));
        hits.AddRange(tails);
        hits.Sort(static (a, b) => a.Start.CompareTo(b.Start));
    }

    /// <summary>Leaves in one ordered list only what does not begin inside a match of another that has no upper length: what begins there belongs to it.</summary>
    public static void DropInsideTails(List<TextHit> hits, List<TextHit> merged)
    {
        if (hits.Count == 0 || merged.Count == 0)
            return;
        var next = 0;
        hits.RemoveAll(hit =>
        {
            while (next < merged.Count && merged[next].End <= hit.Start)
                next++;
            return next < merged.Count && merged[next].Tail is not null && BeginsInside(hit, merged[next]);
        });
    }

    /// <summary>Whether a match begins inside one without an upper length, or with it where it is not certain itself.</summary>
    public static bool BeginsInside(in TextHit hit, in TextHit tailed) =>
        hit.Start < tailed.End && (tailed.Start < hit.Start || (tailed.Start == hit.Start && hit.Tail is null));

    /// <summary>Removes the matches without an upper length that begin inside an earlier one: they take nothing from any other match.</summary>
    /// <param name="hits">The matches.</param>
    /// <param name="isApart">Says which matches are none to be replaced.</param>
    public static void DropBeaten(List<TextHit> hits, Func<TextHit, bool> isApart)
    {
        if (hits.Count < 2 || hits.TrueForAll(static hit => hit.Tail is null || hit.Yields))
            return;
        hits.Sort(Compare);
        var end = int.MinValue;
        hits.RemoveAll(hit =>
        {
            if (hit.Tail is null || hit.Yields || isApart(hit))
                return false;
            if (hit.Start < end)
                return true;
            end = hit.End;
            return false;
        });
    }

    private static bool HasOverlap(List<TextHit> hits)
    {
        for (var i = 1; i < hits.Count; i++)
        {
            if (hits[i].Start - hits[i].Lead < hits[i - 1].End)
                return true;
        }

        return false;
    }

    /// <summary>Whether a match, or the word that introduces it, lies in one without an upper length: a stream has forgotten that by then.</summary>
    public static bool IsSwallowed(in TextHit hit, in TextHit tail) =>
        (hit.Start < tail.End && tail.Start < hit.End) || (hit.Start - hit.Lead >= tail.Start && hit.Start - hit.Lead < tail.End);

    // The matches without an upper length are apart from each other, and ordered.
    private static bool IsSwallowed(in TextHit hit, List<TextHit> tails)
    {
        var (low, high) = (0, tails.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (tails[middle].End <= hit.Start - hit.Lead)
                low = middle + 1;
            else
                high = middle;
        }

        for (; low < tails.Count && tails[low].Start < hit.End; low++)
        {
            if (IsSwallowed(hit, tails[low]))
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

    /// <summary>Less than zero if the first match goes before the second.</summary>
    public static int Compare(TextHit a, TextHit b)
    {
        if (a.Yields != b.Yields)
            return a.Yields ? 1 : -1;
        if (a.Tail is null != b.Tail is null)
            return a.Tail is null ? 1 : -1;
        if (a.Tail is not null)
            return CompareTailed(a, b);
        var byScore = b.Score.CompareTo(a.Score);
        if (byScore != 0)
            return byScore;
        var byLength = a.Tail is null ? b.Length.CompareTo(a.Length) : 0;
        if (byLength != 0)
            return byLength;
        var byStart = a.Start.CompareTo(b.Start);
        return byStart != 0 ? byStart : string.CompareOrdinal(a.Rule, b.Rule);
    }

    // Of a match without an upper length only its beginning is known for good.
    private static int CompareTailed(in TextHit a, in TextHit b)
    {
        if (a.Start != b.Start)
            return a.Start.CompareTo(b.Start);
        var byCertainty = a.Tail!.CertainAfter.CompareTo(b.Tail!.CertainAfter);
        return byCertainty != 0 ? byCertainty : string.CompareOrdinal(a.Rule, b.Rule);
    }
}
