namespace LlmKit.Simulator.Embeddings;

/// <summary>Takes English endings off a word, so that its forms meet; crude, and meant to be.</summary>
internal static class WordStem
{
    private static readonly string[] PluralsInEs = ["ches", "shes", "sses", "xes"];

    public static string Of(string word)
    {
        if (word.Length > 4 && word.EndsWith("ies", StringComparison.Ordinal))
            return word[..^3] + "y";

        var stem = Without(word, "ing") ?? Without(word, "ed") ?? Plural(word) ?? word;
        // "shipping" and "shipped" end in a doubled consonant, "cancel" and "charge" lose their last letter or do not.
        if (stem.Length > 3 && stem.Length < word.Length && stem[^1] == stem[^2] && stem[^1] is not ('l' or 's' or 'z'))
            stem = stem[..^1];
        return stem.Length > 3 && stem[^1] == 'e' ? stem[..^1] : stem;
    }

    private static string? Plural(string word)
    {
        if (word.EndsWith("ss", StringComparison.Ordinal) || word.EndsWith("us", StringComparison.Ordinal))
            return null;

        return Array.Exists(PluralsInEs, end => word.EndsWith(end, StringComparison.Ordinal))
            ? Without(word, "es")
            : Without(word, "s");
    }

    private static string? Without(string word, string ending) =>
        word.Length >= ending.Length + 3 && word.EndsWith(ending, StringComparison.Ordinal) ? word[..^ending.Length] : null;
}
