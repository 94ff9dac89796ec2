namespace LlmKit;

/// <summary>How the cache found an answer.</summary>
public enum CacheTier
{
    /// <summary>It was not looked for.</summary>
    None = 0,

    /// <summary>By the hash of everything that can change the answer.</summary>
    Exact,

    /// <summary>By the same hash with the careless spelling of the last user text taken out: case, white space, closing punctuation.</summary>
    Normalised,

    /// <summary>By the similarity of the last user text, everything else being equal.</summary>
    Semantic,
}
