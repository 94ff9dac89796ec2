namespace LlmKit.Control.Caching;

/// <summary>Tells whether a number is a lower or an upper bound: over 50, at most 50.</summary>
internal static class NumberBounds
{
    // Beyond the groups of opposites, which are counted from 0.
    private const uint Lower = 0xFFFF00;
    private const uint Upper = 0xFFFF01;

    public static uint? SideBefore(List<TextToken> tokens, int i)
    {
        var word = i > 0 ? tokens[i - 1].Lower : "";
        var before = i > 1 ? tokens[i - 2].Lower : "";
        var turned = i > 2 && IsTurned(tokens, i - 2);
        return (before, word) switch
        {
            ("more" or "greater" or "higher" or "larger" or "longer" or "older", "than") => turned ? Upper : Lower,
            ("less" or "fewer" or "lower" or "smaller" or "shorter" or "younger", "than") => turned ? Lower : Upper,
            ("at", "least") => Lower,
            ("at", "most") => Upper,
            ("up", "to") => Upper,
            (_, "over" or "above" or "exceeding" or "minimum") => Lower,
            (_, "under" or "below" or "maximum") => Upper,
            _ => null,
        };
    }

    /// <summary>Whether a word is turned round: the "more" of "no more than".</summary>
    public static bool IsTurned(List<TextToken> tokens, int i) =>
        i > 0 && i + 1 < tokens.Count && tokens[i + 1].Lower == "than" && tokens[i - 1].Lower is "no" or "not";
}
