namespace LlmKit.Text;

/// <summary>Resolves overlaps: matches that overlap are one, and nothing of any of them stays.</summary>
/// <remarks>Touching matches are left apart. See <see cref="Stretch"/> for whose name the one bears.</remarks>
internal static class HitMerger
{
    /// <summary>Leaves one match for all that overlap each other, ordered by start.</summary>
    public static void Merge(List<TextHit> hits)
    {
        if (hits.Count < 2)
            return;
        hits.Sort(ByPlace);
        var count = 0;
        var stretch = new Stretch(hits[0]);
        for (var i = 1; i < hits.Count; i++)
        {
            if (hits[i].Start < stretch.End)
            {
                stretch.Join(hits[i]);
                continue;
            }

            hits[count++] = stretch.ToHit();
            stretch = new(hits[i]);
        }

        hits[count++] = stretch.ToHit();
        hits.RemoveRange(count, hits.Count - count);
    }

    /// <summary>Orders matches by start; of those that start together, a stream and a whole text must take the same for the first.</summary>
    public static int ByPlace(TextHit a, TextHit b)
    {
        var byStart = a.Start.CompareTo(b.Start);
        if (byStart != 0)
            return byStart;
        var byOwner = a.Owner.CompareTo(b.Owner);
        return byOwner != 0 ? byOwner : string.CompareOrdinal(a.Rule, b.Rule);
    }
}
