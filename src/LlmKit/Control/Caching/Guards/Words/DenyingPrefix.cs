namespace LlmKit.Control.Caching;

/// <summary>Takes from a word the beginning that turns its meaning: unverified, disallow, irregular.</summary>
internal static class DenyingPrefix
{
    private const int ShortestRest = 5;

    private static readonly string[] s_prefixes = ["un", "dis", "non", "in", "im", "ir", "il", "de", "mis", "anti"];

    /// <summary>Gives the stem that may be denied, or <see langword="null"/>. Whether it is a word shows when another text has it.</summary>
    public static string? RestOf(string stem)
    {
        foreach (var prefix in s_prefixes)
        {
            if (stem.Length >= prefix.Length + ShortestRest && stem.StartsWith(prefix, StringComparison.Ordinal))
                return stem[prefix.Length..];
        }

        return null;
    }
}
