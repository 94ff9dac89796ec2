namespace LlmKit;

/// <summary>How suspicious the cache is of two texts that an embedding calls similar. Guards only ever forbid a hit.</summary>
public enum CacheGuards
{
    /// <summary>
    /// Numbers, negation, codes, names swapped for names, quotations, times, opposites, units, kinds of question, scripts and swapped
    /// words must agree. The default.
    /// </summary>
    Balanced = 0,

    /// <summary>Also no name that only one text has, no pair of texts that differ in one word, no other order of the same words.</summary>
    Strict,
}
