namespace LlmKit.Text.Scanning;

/// <summary>Shannon's entropy of the characters of a value, by their own frequencies.</summary>
internal static class Entropy
{
    private const double LeastBits = 3.0;
    private const int LeastDistinct = 6;

    /// <summary>Whether a value could be random: 3 bits a character or more.</summary>
    public static bool IsHigh(ReadOnlySpan<char> value)
    {
        Span<int> counts = stackalloc int[128];
        counts.Clear();
        var distinct = 0;
        foreach (var c in value)
            distinct += counts[c & 0x7F]++ == 0 ? 1 : 0;
        if (distinct < LeastDistinct)
            return false;

        var bits = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
                bits += count * Math.Log2((double)value.Length / count);
        }

        return bits >= LeastBits * value.Length;
    }
}
