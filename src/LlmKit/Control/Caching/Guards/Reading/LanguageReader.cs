namespace LlmKit.Control.Caching;

/// <summary>Tells the language of a text by the vote of its small words.</summary>
/// <remarks>Two votes are the least, and more than any other language has: a foreign word in an English question decides nothing.</remarks>
internal static class LanguageReader
{
    private const int LeastVotes = 2;

    private static readonly int Count = Enum.GetValues<TextLanguage>().Length;

    public static TextLanguage Of(List<TextToken> tokens)
    {
        Span<int> votes = stackalloc int[Count];
        votes.Clear();
        foreach (var token in tokens)
        {
            for (var spoken = LanguageWords.SpokenIn(token.Lower); spoken != 0; spoken &= spoken - 1)
                votes[int.TrailingZeroCount(spoken)]++;
        }

        int best = 0, second = 0;
        for (var i = 1; i < votes.Length; i++)
        {
            if (best == 0 || votes[i] > votes[best])
                (best, second) = (i, best);
            else if (second == 0 || votes[i] > votes[second])
                second = i;
        }

        return votes[best] >= LeastVotes && votes[best] > votes[second] ? (TextLanguage)best : TextLanguage.Unknown;
    }
}
