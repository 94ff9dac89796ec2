namespace LlmKit;

/// <summary>How suspicious the cache is of two texts that an embedding calls similar. Guards only ever forbid a hit.</summary>
/// <remarks>
/// A guard knows no meaning, only what texts of one meaning must have in common, so each costs some true hits as well. Measured on 482 pairs of
/// questions with recorded cosines of text-embedding-3-small, over thresholds of 0.84 to 0.92: <see cref="Balanced"/> keeps 93 % of the true hits
/// and 41 % of the wrong ones, <see cref="Strict"/> 78 % and 38 %; on 2,520 others, similar in wording, 92 % and 62 %, 82 % and 43 %.
/// Measure on your own pairs with <c>SemanticCacheCalibration</c>. The words known are English; other languages are guarded by numbers, codes,
/// names, quotations and, in nine of them, negation.
/// </remarks>
public enum CacheGuards
{
    /// <summary>
    /// Numbers, negation, codes, quotations, times, opposites, units, kinds of question, scripts, languages and directions must agree; names may
    /// not be swapped for names, words may not change places, and a tenth of the words must be shared. The default.
    /// </summary>
    Balanced = 0,

    /// <summary>
    /// Also no name that only one text has, no pair of texts that differ in one word unless in words as general as "good" or "way", nothing added to a
    /// question of one word of meaning, and a fifth of the words shared.
    /// </summary>
    Strict = 1,

    /// <summary>Similarity alone decides: for measuring what the guards do, not for serving answers.</summary>
    Off = 2,
}
