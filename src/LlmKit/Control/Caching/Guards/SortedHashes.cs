namespace LlmKit.Control.Caching;

/// <summary>Compares sorted sets of hashes without allocating.</summary>
internal static class SortedHashes
{
    public static bool IsSet(ReadOnlySpan<uint> hashes)
    {
        for (var i = 1; i < hashes.Length; i++)
        {
            if (hashes[i] <= hashes[i - 1])
                return false;
        }

        return true;
    }

    public static bool Contains(ReadOnlySpan<uint> set, uint hash) => set.BinarySearch(hash) >= 0;

    /// <summary>Whether one holds something that the other lacks.</summary>
    public static bool HasBeyond(ReadOnlySpan<uint> hashes, ReadOnlySpan<uint> set)
    {
        foreach (var hash in hashes)
        {
            if (!Contains(set, hash))
                return true;
        }

        return false;
    }

    public static bool Overlap(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        foreach (var hash in a)
        {
            if (Contains(b, hash))
                return true;
        }

        return false;
    }

    /// <summary>Counts what two sets share.</summary>
    public static int Shared(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
    {
        int shared = 0, i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (a[i] == b[j])
                (shared, i, j) = (shared + 1, i + 1, j + 1);
            else if (a[i] < b[j])
                i++;
            else
                j++;
        }

        return shared;
    }
}
