namespace LlmKit.Control.Caching;

/// <summary>Says whether two similar texts may share an answer. Guards only ever forbid.</summary>
/// <remarks>
/// Embeddings place texts together that differ in the one thing that matters: a number, a "not", a name. Each guard compares one such thing,
/// read beforehand. The sets and their order follow measurements on question pairs with recorded similarities.
/// </remarks>
internal static class GuardSet
{
    private static readonly (string Name, Func<TextFacets, TextFacets, bool> Forbids)[] Balanced =
    [
        ("numbers", (a, b) => !Same(a.Numbers, b.Numbers)),
        ("negation", (a, b) => a.IsNegated != b.IsNegated),
        ("codes", (a, b) => HasUnknown(a.Codes, b) || HasUnknown(b.Codes, a)),
        ("names", (a, b) => HasUnknown(a.Names, b) && HasUnknown(b.Names, a)),
        ("quotes", (a, b) => HasUnknown(a.Quotes, b) || HasUnknown(b.Quotes, a)),
        ("moments", (a, b) => BothDiffer(a.Moments, b.Moments)),
        ("opposites", Opposed),
        ("units", (a, b) => BothDiffer(a.Units, b.Units)),
        ("question", (a, b) => a.Kind != b.Kind && a.Kind != QuestionKind.Other && b.Kind != QuestionKind.Other),
        ("script", (a, b) => a.Script != b.Script),
        ("order", Reordered),
    ];

    private static readonly (string Name, Func<TextFacets, TextFacets, bool> Forbids)[] Strict =
    [
        .. Balanced,
        ("any name", (a, b) => HasUnknown(a.Names, b) || HasUnknown(b.Names, a)),
        ("one word", DifferInOneWord),
        ("any order", (a, b) => !a.Content.AsSpan().SequenceEqual(b.Content) && SameBag(a.Content, b.Content)),
    ];

    /// <summary>Gives the name of the guard that forbids it, or <see langword="null"/> when none does.</summary>
    public static string? Veto(TextFacets asked, TextFacets stored, CacheGuards guards)
    {
        foreach (var (name, forbids) in guards == CacheGuards.Strict ? Strict : Balanced)
        {
            if (forbids(asked, stored))
                return name;
        }

        return null;
    }

    private static bool Same(string[] a, string[] b) => a.AsSpan().SequenceEqual(b);

    private static bool BothDiffer(string[] a, string[] b) => a.Length > 0 && b.Length > 0 && !Same(a, b);

    private static bool HasUnknown(string[] words, TextFacets other)
    {
        foreach (var word in words)
        {
            if (!other.Words.Contains(word))
                return true;
        }

        return false;
    }

    /// <summary>Whether, of some kind of thing, both texts name sides and share none.</summary>
    private static bool Opposed(TextFacets a, TextFacets b)
    {
        foreach (var (group, side) in a.Sides)
        {
            var opposed = false;
            foreach (var other in b.Sides)
                opposed |= other.Group == group && other.Side != side;
            if (opposed && !b.Sides.AsSpan().Contains((group, side)))
                return true;
        }

        return false;
    }

    /// <summary>Whether the same names and numbers, or two words, have changed places.</summary>
    private static bool Reordered(TextFacets a, TextFacets b)
    {
        if (a.IsSymmetric && b.IsSymmetric)
            return false;
        if (a.Sequence.Length > 1 && !a.Sequence.AsSpan().SequenceEqual(b.Sequence) && SameBag(a.Sequence, b.Sequence))
            return true;
        return TwoWordsSwapped(a.Content, b.Content);
    }

    private static bool TwoWordsSwapped(string[] a, string[] b)
    {
        if (a.Length != b.Length)
            return false;
        int first = -1, second = -1;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] == b[i])
                continue;
            if (second >= 0)
                return false;
            (first, second) = first < 0 ? (i, -1) : (first, i);
        }

        return second > first + 1 && a[first] == b[second] && a[second] == b[first];
    }

    private static bool SameBag(string[] a, string[] b) =>
        a.Length == b.Length && a.Order(StringComparer.Ordinal).SequenceEqual(b.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>Whether each text has one word of meaning that the other lacks, and they share two or more: "premium card", "basic card".</summary>
    private static bool DifferInOneWord(TextFacets a, TextFacets b)
    {
        var shared = a.Content.Distinct(StringComparer.Ordinal).Count(word => b.Content.AsSpan().Contains(word));
        return shared >= 2 && Lacking(a.Content, b.Content) == 1 && Lacking(b.Content, a.Content) == 1;
    }

    private static int Lacking(string[] words, string[] other)
    {
        var lacking = 0;
        foreach (var word in words)
            lacking += other.AsSpan().Contains(word) ? 0 : 1;
        return lacking;
    }
}
