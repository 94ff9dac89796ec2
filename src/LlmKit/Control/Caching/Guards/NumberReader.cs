using System.Collections.Frozen;
using System.Globalization;

namespace LlmKit.Control.Caching;

/// <summary>Reads numbers however they are written: 1,000 and 1000, two and 2, third and 3rd, II after a name and 2.</summary>
internal static class NumberReader
{
    private static readonly FrozenDictionary<string, string> Words = Numbered(
        ["zero", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"]);

    /// <summary>Gives a number in one form, or <see langword="null"/> when the token is none. A unit that is glued to it is split off.</summary>
    public static string? Read(in TextToken token, out string unit)
    {
        unit = "";
        if (Words.TryGetValue(token.Lower, out var word))
            return word;
        if (token.Text is "II" or "III" or "IV")
            return token.Text == "IV" ? "4" : token.Text.Length.ToString(CultureInfo.InvariantCulture);
        if (!char.IsDigit(token.Lower[0]))
            return null;
        var end = token.Lower.Length;
        while (char.IsLetter(token.Lower[end - 1]))
            end--;
        var tail = token.Lower[end..];
        if (tail is not ("" or "st" or "nd" or "rd" or "th" or "s") && !GuardLexicon.IsUnit(tail))
            return null;
        if (!decimal.TryParse(token.Lower.AsSpan(0, end), NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number))
            return null;
        unit = GuardLexicon.IsUnit(tail) ? tail : "";
        return number.ToString("0.##########", CultureInfo.InvariantCulture);
    }

    private static FrozenDictionary<string, string> Numbered(params string[][] lists) => lists
        .SelectMany(list => list.Select((word, number) => (word, number)))
        .Where(pair => pair.word.Length > 0)
        .ToFrozenDictionary(pair => pair.word, pair => pair.number.ToString(CultureInfo.InvariantCulture), StringComparer.Ordinal);
}
