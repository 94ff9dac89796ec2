namespace LlmKit.Control.Caching;

/// <summary>Hashes words alike in every process and on every machine: FNV-1a over UTF-16, its bits mixed as MurmurHash3 ends.</summary>
internal static class WordHash
{
    private const uint Basis = 2166136261;
    private const uint Prime = 16777619;

    public static uint Of(ReadOnlySpan<char> word, uint seed = 0)
    {
        var hash = Basis ^ seed;
        foreach (var letter in word)
            hash = (hash ^ letter) * Prime;
        return Mix(hash);
    }

    /// <summary>Spreads every bit over all: the last step of MurmurHash3 for 32 bits.</summary>
    public static uint Mix(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
