namespace LlmKit.Control.Caching;

/// <summary>Says whether two similar texts may share an answer. Guards only ever forbid.</summary>
/// <remarks>
/// Embeddings place texts together that differ in the one thing that matters: a number, a "not", a name. Each guard compares one such thing,
/// read beforehand, and allocates nothing. Symmetric: which text was asked and which is stored makes no difference.
/// </remarks>
internal static class GuardSet
{
    private const int LeastSharedTerms = 1;
    private const double LeastOverlap = 0.1;
    private const double LeastOverlapWhenStrict = 0.2;
    private const int GreatestRatio = 3;

    /// <summary>Gives the name of the guard that forbids it, or <see langword="null"/> when none does.</summary>
    /// <param name="asked">The text that is asked.</param>
    /// <param name="stored">The text whose answer is stored.</param>
    /// <param name="guards">How suspicious to be.</param>
    /// <param name="wordOrderMatters">Whether any other order of the words forbids, and one specific word in another's place: for embedders that see words only.</param>
    public static string? Veto(TextFacets asked, TextFacets stored, CacheGuards guards, bool wordOrderMatters = false)
    {
        if (guards == CacheGuards.Off)
            return null;
        return Always(asked, stored)
            ?? (wordOrderMatters ? WhenBlind(asked, stored) : null)
            ?? (guards == CacheGuards.Strict ? WhenStrict(asked, stored) : null);
    }

    private static string? WhenBlind(TextFacets a, TextFacets b)
    {
        if (WordOrder.HasInversion(a, b))
            return "any order";
        return DifferInOneWord(a, b, onlySpecific: true) ? "one specific word" : null;
    }

    private static string? Always(TextFacets a, TextFacets b)
    {
        if (!a[FacetPart.Numbers].SequenceEqual(b[FacetPart.Numbers]))
            return "numbers";
        if (a.Traits.Is(TextShape.Negated) != b.Traits.Is(TextShape.Negated) || Denies(a, b) || Denies(b, a))
            return "negation";
        if (HasUnknown(FacetPart.Codes, a, b) || HasUnknown(FacetPart.Codes, b, a))
            return "codes";
        if (HasUnknown(FacetPart.Names, a, b) && HasUnknown(FacetPart.Names, b, a))
            return "names";
        if (HasUnknown(FacetPart.Quotes, a, b) || HasUnknown(FacetPart.Quotes, b, a))
            return "quotes";
        if (BothDiffer(FacetPart.Moments, a, b))
            return "moments";
        if (AreOpposed(a[FacetPart.Sides], b[FacetPart.Sides]))
            return "opposites";
        if (SortedHashes.HasBeyond(a[FacetPart.Units], b[FacetPart.Units]) && SortedHashes.HasBeyond(b[FacetPart.Units], a[FacetPart.Units]))
            return "units";
        if (!MayAskTheSame(a.Traits.Kinds, b.Traits.Kinds))
            return "question";
        if (a.Traits.Script != b.Traits.Script)
            return "script";
        if (a.Traits.Language != b.Traits.Language && a.Traits.Language != TextLanguage.Unknown && b.Traits.Language != TextLanguage.Unknown)
            return "language";
        if (TurnsRound(a[FacetPart.Courses], b[FacetPart.Courses]))
            return "direction";
        if (WordOrder.IsTurned(a, b))
            return "order";
        return IsFarInWording(a[FacetPart.Words], b[FacetPart.Words], LeastOverlap) ? "wording" : null;
    }

    private static string? WhenStrict(TextFacets a, TextFacets b)
    {
        if (HasUnknown(FacetPart.Names, a, b) || HasUnknown(FacetPart.Names, b, a))
            return "any name";
        if (DifferInOneWord(a, b, onlySpecific: true) || DifferInOneWord(a, b, onlySpecific: false))
            return "one word";
        if (AddsToAShortOne(a, b) || AddsToAShortOne(b, a))
            return "added word";
        return IsFarInWording(a[FacetPart.Words], b[FacetPart.Words], LeastOverlapWhenStrict) ? "wording" : null;
    }

    private static bool HasUnknown(FacetPart part, TextFacets of, TextFacets to) => SortedHashes.HasBeyond(of[part], to[FacetPart.Words]);

    private static bool BothDiffer(FacetPart part, TextFacets a, TextFacets b) =>
        !a[part].IsEmpty && !b[part].IsEmpty && !a[part].SequenceEqual(b[part]);

    private static bool MayAskTheSame(QuestionKinds a, QuestionKinds b) => a == QuestionKinds.None || b == QuestionKinds.None || (a & b) != 0;

    /// <summary>Whether one says "unverified" where the other says "verified".</summary>
    private static bool Denies(TextFacets a, TextFacets b)
    {
        foreach (var denied in a[FacetPart.Denied])
        {
            if (SortedHashes.Contains(b[FacetPart.Terms], denied) && !SortedHashes.Contains(a[FacetPart.Terms], denied))
                return true;
        }

        return false;
    }

    /// <summary>Whether, of some kind of thing, both texts name sides and share none.</summary>
    private static bool AreOpposed(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        foreach (var side in a)
        {
            var opposed = false;
            foreach (var other in b)
                opposed |= other >> 8 == side >> 8 && other != side;
            if (opposed && !ShareGroup(a, b, side >> 8))
                return true;
        }

        return false;
    }

    private static bool ShareGroup(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, uint group)
    {
        foreach (var side in a)
        {
            if (side >> 8 == group && SortedHashes.Contains(b, side))
                return true;
        }

        return false;
    }

    /// <summary>Whether one goes to where the other comes from.</summary>
    private static bool TurnsRound(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        foreach (var course in a)
        {
            if (SortedHashes.Contains(b, course ^ 1) && !SortedHashes.Contains(a, course ^ 1))
                return true;
        }

        return false;
    }

    /// <summary>Whether each text has one word of meaning that the other lacks, and they share one or more: "travel card", "student card".</summary>
    private static bool DifferInOneWord(TextFacets a, TextFacets b, bool onlySpecific)
    {
        var one = a[FacetPart.Terms];
        var other = b[FacetPart.Terms];
        var shared = SortedHashes.Shared(one, other);
        if (shared < LeastSharedTerms || one.Length != shared + 1 || other.Length != shared + 1)
            return false;
        var specific = (HasOneBeyond(a[FacetPart.Specific], b[FacetPart.Specific]), HasOneBeyond(b[FacetPart.Specific], a[FacetPart.Specific]));
        return onlySpecific ? specific is (true, true) : specific is not (false, false);
    }

    /// <summary>Whether the other says all of a text with one specific word, and more: "a good camera", "a good camera for diving".</summary>
    private static bool AddsToAShortOne(TextFacets text, TextFacets other) =>
        text[FacetPart.Specific].Length <= 1 && other[FacetPart.Specific].Length > text[FacetPart.Specific].Length
        && !SortedHashes.HasBeyond(text[FacetPart.Terms], other[FacetPart.Terms]);

    private static bool HasOneBeyond(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b) => a.Length == SortedHashes.Shared(a, b) + 1;

    /// <summary>
    /// Whether they share fewer words than texts of one meaning do: what a suffix that was searched for to collide in the embedding looks like
    /// (arXiv 2601.23088).
    /// </summary>
    private static bool IsFarInWording(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, double leastOverlap)
    {
        if (a.IsEmpty || b.IsEmpty)
            return a.Length != b.Length;
        var shared = SortedHashes.Shared(a, b);
        return shared < leastOverlap * (a.Length + b.Length - shared) || Math.Max(a.Length, b.Length) > GreatestRatio * Math.Min(a.Length, b.Length);
    }
}
