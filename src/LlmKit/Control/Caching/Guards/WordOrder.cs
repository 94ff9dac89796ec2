namespace LlmKit.Control.Caching;

/// <summary>Tells whether the same words stand in another order, and whether that turns round what is said.</summary>
internal static class WordOrder
{
    /// <summary>Beyond so many words, an inversion is looked for only where the words are all the same.</summary>
    private const int LongText = 128;

    /// <summary>Beyond so many words between the first and the last difference, any other order of the same words counts as a swap: looking closer would take too long.</summary>
    private const int LongStretch = 32;

    /// <summary>Whether the same names and numbers have changed places, or two words or phrases with something between them.</summary>
    public static bool IsTurned(TextFacets a, TextFacets b)
    {
        if (a.Traits.Is(TextShape.Symmetric) && b.Traits.Is(TextShape.Symmetric))
            return false;
        var turnedBySpeech = a.Traits.Is(TextShape.Passive) != b.Traits.Is(TextShape.Passive);
        var turned = IsOtherOrder(a[FacetPart.NameOrder], b[FacetPart.NameOrder])
            || IsOtherOrder(a[FacetPart.NumberOrder], b[FacetPart.NumberOrder])

            // What one says in two sentences the other may begin with: "I lost it. What now?"
            || (a.Traits.Is(TextShape.Several) == b.Traits.Is(TextShape.Several) && AreSwapped(a[FacetPart.Content], b[FacetPart.Content]));

        // "Is loved by" turns its words round once, so the order that stays is the one that changes what is said.
        return turnedBySpeech ? !turned && a[FacetPart.Content].Length > 2 && a[FacetPart.Content].SequenceEqual(b[FacetPart.Content]) : turned;
    }

    /// <summary>Whether words that both have stand in another order.</summary>
    public static bool HasInversion(TextFacets a, TextFacets b)
    {
        var one = a[FacetPart.Content];
        var other = b[FacetPart.Content];
        if (one.Length > LongText || other.Length > LongText)
            return IsOtherOrder(one, other);
        var reached = -1;
        for (var i = 0; i < one.Length; i++)
        {
            var place = other.IndexOf(one[i]);
            if (place < 0 || one[..i].Contains(one[i]))
                continue;
            if (place < reached)
                return true;
            reached = place;
        }

        return false;
    }

    private static bool IsOtherOrder(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b) =>
        a.Length > 1 && a.Length == b.Length && !a.SequenceEqual(b) && BagOf(a) == BagOf(b);

    /// <summary>A sum that the order does not change.</summary>
    private static ulong BagOf(ReadOnlySpan<uint> hashes)
    {
        var sum = 0ul;
        foreach (var hash in hashes)
            sum += hash * 0x9E3779B97F4A7C15ul;
        return sum;
    }

    /// <summary>Whether both are the same but for two stretches that have changed places around a middle: A m B, B m A.</summary>
    private static bool AreSwapped(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        if (a.Length != b.Length || a.Length < 3)
            return false;
        var start = a.CommonPrefixLength(b);
        if (start == a.Length)
            return false;
        var end = a.Length;
        while (a[end - 1] == b[end - 1])
            end--;
        var one = a[start..end];
        var other = b[start..end];
        if (one.Length > LongStretch)
            return BagOf(one) == BagOf(other);
        for (var head = 1; head < one.Length - 1; head++)
        {
            if (!other[^head..].SequenceEqual(one[..head]))
                continue;
            for (var tail = 1; head + tail < one.Length; tail++)
            {
                if (other[..tail].SequenceEqual(one[^tail..]) && other[tail..^head].SequenceEqual(one[head..^tail]))
                    return true;
            }
        }

        return false;
    }
}
