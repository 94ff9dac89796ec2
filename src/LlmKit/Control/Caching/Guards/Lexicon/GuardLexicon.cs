using System.Collections.Frozen;

namespace LlmKit.Control.Caching;

/// <summary>The English words that the guards know by what they do in a sentence.</summary>
internal static class GuardLexicon
{
    private const string Stops = """
        a an the is are was were be been being am do does did doing done has have had having i you he she it we they me him her us them my your his
        its our their mine yours myself yourself oneself himself herself itself ourselves themselves this that these those what which who whom whose when where why how can could will would shall should may might
        must of in on at by for with about as into onto through during to from up down out off and or but if then than so too very just also there
        here some any all each both please tell give show explain describe want need know find get got make let like there's one one's ones s t re ve ll d m
        i'm i've i'll i'd you're you've it's that's what's who's how's we're they're he's she's let's am im ive whats hows
        """;

    private const string Negators = """
        not no never none nobody nothing neither nor nowhere without cannot cant dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt
        couldnt havent hasnt hadnt except excluding excluded unless lacks lacking
        """;

    private const string Moments = """
        today tomorrow yesterday tonight now currently latest nowadays monday tuesday wednesday thursday friday saturday sunday january february
        march april june july august september october november december weekday weekdays weekend weekends christmas easter
        """;

    private const string Spans = "second minute hour day night morning evening week weekend month quarter year decade century season semester term";

    private static readonly FrozenSet<string> s_stops = WordLists.SetOf(Stops);
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_stopSpans = s_stops.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string> s_negators = WordLists.SetOf(Negators);
    private static readonly FrozenSet<string> s_moments = WordLists.SetOf(Moments);
    private static readonly FrozenSet<string> s_spans = WordLists.SetOf(Spans);

    /// <summary>Whether a word carries no meaning by itself.</summary>
    public static bool IsStop(string word) => s_stops.Contains(word);

    public static bool IsStop(ReadOnlySpan<char> word) => s_stopSpans.Contains(word);

    public static bool IsNegator(string word) => s_negators.Contains(word) || word.EndsWith("n't", StringComparison.Ordinal);

    public static bool IsMoment(string word) => s_moments.Contains(word);

    /// <summary>Whether a word is a stretch of time that "last" or "next" makes a moment of.</summary>
    public static bool IsSpan(string word) => s_spans.Contains(word) || (word.EndsWith('s') && s_spans.Contains(word[..^1]));
}
