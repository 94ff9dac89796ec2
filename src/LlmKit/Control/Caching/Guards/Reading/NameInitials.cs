using System.Text;

namespace LlmKit.Control.Caching;

/// <summary>Makes the text that says "World Health Organisation" know "WHO".</summary>
internal static class NameInitials
{
    private const int MostLetters = 6;

    private static readonly string[][] s_countries = [["us", "usa", "america"], ["uk", "britain", "british"], ["eu", "europe"], ["uae", "emirates"]];

    public static void AddTo(List<uint> words, List<TextToken> tokens)
    {
        var initials = new StringBuilder();
        foreach (var token in tokens)
        {
            AddCountry(words, token);
            if (char.IsUpper(token.Text[0]))
                initials.Append(token.Lower[0]);
            else if (token.Lower is not ("of" or "and" or "the" or "for"))
                initials.Clear();
            if (initials.Length is > 1 and <= MostLetters)
                AddEndings(words, initials.ToString());
        }
    }

    /// <summary>A sentence's first word has a capital as well, so the name may begin behind it.</summary>
    private static void AddEndings(List<uint> words, string initials)
    {
        for (var start = 0; start + 2 <= initials.Length; start++)
            words.Add(WordHash.Of(initials.AsSpan(start)));
    }

    private static void AddCountry(List<uint> words, in TextToken token)
    {
        if (!char.IsUpper(token.Text[0]))
            return;
        var stem = WordStem.Of(token.Lower);
        foreach (var country in s_countries)
        {
            if (!country.Contains(token.Lower) && !country.Contains(stem))
                continue;
            foreach (var name in country)
                words.Add(WordHash.Of(name));
        }
    }
}
