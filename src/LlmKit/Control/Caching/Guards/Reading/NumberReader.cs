using System.Collections.Frozen;
using System.Globalization;

namespace LlmKit.Control.Caching;

/// <summary>Reads numbers however they are written: 1,000 and 1000 and 1k, two and 2, third and 3rd, II after a name and 2.</summary>
internal static class NumberReader
{
    private static readonly FrozenDictionary<string, decimal> s_words = Numbered(
        ["zero", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"],
        ["", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"])
        .Concat([new("thirty", 30), new("forty", 40), new("fifty", 50), new("sixty", 60), new("seventy", 70), new("eighty", 80), new("ninety", 90), new("twenties", 20), new("thirties", 30), new("forties", 40), new("fifties", 50), new("sixties", 60), new("seventies", 70), new("eighties", 80), new("nineties", 90), new("dozen", 12), new("once", 1), new("twice", 2), new("double", 2), new("triple", 3)])
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Reads a token, or gives <see langword="null"/> when it is no number. A unit that is glued to it is split off.</summary>
    public static decimal? Read(in TextToken token, out string unit)
    {
        unit = "";
        if (s_words.TryGetValue(token.Lower, out var word))
            return word;
        if (token.Text is "II" or "III" or "IV" or "VI" or "VII" or "VIII" or "IX")
            return token.Text switch { "II" => 2, "III" => 3, "IV" => 4, "VI" => 6, "VII" => 7, "VIII" => 8, _ => 9 };
        if (!char.IsDigit(token.Lower[0]) && token.Lower[0] != '-')
            return null;
        var end = token.Lower.Length;
        while (end > 0 && char.IsLetter(token.Lower[end - 1]))
            end--;
        var tail = token.Lower[end..];
        var times = UnitWords.MultiplierOf(tail);
        if (tail is not ("" or "st" or "nd" or "rd" or "th" or "s") && times is null && UnitWords.UnitOf(tail) is null)
            return null;
        const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands | NumberStyles.AllowLeadingSign;
        if (!decimal.TryParse(token.Lower.AsSpan(0, end), Styles, CultureInfo.InvariantCulture, out var number))
            return null;
        unit = UnitWords.UnitOf(tail) ?? "";
        return Times(number, times);
    }

    /// <summary>Multiplies, unless the product is beyond what can be held.</summary>
    public static decimal Times(decimal number, decimal? times) =>
        times is { } factor && Math.Abs(number) < decimal.MaxValue / factor ? number * factor : number;

    public static string Format(decimal number) => number.ToString("0.##########", CultureInfo.InvariantCulture);

    private static IEnumerable<KeyValuePair<string, decimal>> Numbered(params string[][] lists) => lists
        .SelectMany(list => list.Select((word, number) => new KeyValuePair<string, decimal>(word, number)))
        .Where(pair => pair.Key.Length > 0);
}
