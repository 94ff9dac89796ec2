namespace LlmKit.Control.Caching;

/// <summary>Splits a text into words, numbers, codes and symbols.</summary>
/// <remarks>
/// Codes such as <c>D-7781</c>, <c>v1.2</c> or <c>C++</c> stay whole. Chinese and Japanese, which set no spaces, are split into characters.
/// Whatever stands outside the basic plane, emoji above all, is a token of its own.
/// </remarks>
internal static class Tokenizer
{
    public static List<TextToken> Split(string text)
    {
        var tokens = new List<TextToken>();
        var startsSentence = true;
        for (var i = 0; i < text.Length;)
        {
            if (char.IsSurrogatePair(text, i))
            {
                tokens.Add(new(text.Substring(i, 2), text.Substring(i, 2), false, i, i + 2));
                i += 2;
                continue;
            }

            if (!char.IsLetterOrDigit(text[i]) && !IsMinus(text, i))
            {
                startsSentence |= text[i] is '.' or '?' or '!' or ':' or '\n' or '"' or '“';
                i++;
                continue;
            }

            var end = EndOf(text, i);
            tokens.Add(Make(text, i, end, startsSentence));
            startsSentence = false;
            i = end;
        }

        return tokens;
    }

    private static TextToken Make(string text, int start, int end, bool startsSentence)
    {
        var token = text[start..end];
        if (token.EndsWith("'s", StringComparison.OrdinalIgnoreCase))
            token = token[..^2];
        var lower = token.ToLowerInvariant();
        return new(token, IsAbbreviation(lower) ? lower.Replace(".", "", StringComparison.Ordinal) : lower, startsSentence, start, end);
    }

    private static int EndOf(string text, int start)
    {
        var i = start + 1;
        if (IsWordByItself(text[start]))
            return i;
        while (i < text.Length && !IsWordByItself(text[i]) && (char.IsLetterOrDigit(text[i]) || text[i] == '_' || Joins(text, start, i)))
            i++;
        if (char.IsLetter(text[i - 1]) && i < text.Length && text[i] == '#')
            return i + 1;
        return char.IsLetter(text[i - 1]) && i - start == 1 && text.AsSpan(i).StartsWith("++") ? i + 2 : i;
    }

    /// <summary>Whether a dash is the sign of the number that follows.</summary>
    private static bool IsMinus(string text, int i) =>
        text[i] == '-' && i + 1 < text.Length && char.IsDigit(text[i + 1]) && (i == 0 || char.IsWhiteSpace(text[i - 1]) || text[i - 1] is '(' or '=');

    /// <summary>Whether a mark between two characters belongs to the word.</summary>
    private static bool Joins(string text, int start, int i)
    {
        if (i + 1 >= text.Length || !char.IsLetterOrDigit(text[i + 1]))
            return false;
        return text[i] switch
        {
            // "Rs.600" is an abbreviation and a number, "v1.2" and "node.js" are not.
            '.' => !(char.IsLetter(text[i - 1]) && char.IsDigit(text[i + 1])) || HasDigit(text.AsSpan(start, i - start)),
            '\'' => char.IsLetter(text[i + 1]),
            ',' => char.IsDigit(text[i - 1]) && IsGroupOfThree(text, i + 1),
            '-' => char.IsDigit(text[i + 1]) || (char.IsDigit(text[i - 1]) && HasLetter(text.AsSpan(start, i - start))),
            _ => false,
        };
    }

    private static bool IsGroupOfThree(string text, int i) =>
        i + 3 <= text.Length && char.IsDigit(text[i]) && char.IsDigit(text[i + 1]) && char.IsDigit(text[i + 2])
        && (i + 3 == text.Length || !char.IsDigit(text[i + 3]));

    private static bool HasLetter(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (char.IsLetter(character))
                return true;
        }

        return false;
    }

    private static bool HasDigit(ReadOnlySpan<char> text) => text.ContainsAnyInRange('0', '9');

    /// <summary>Characters of scripts that set no spaces between words.</summary>
    public static bool IsWordByItself(char character) => character is (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF') or >= '\u3040' and <= '\u30FF' or >= '\u3400' and <= '\u9FFF' or >= '\uF900' and <= '\uFAFF';

    private static bool IsAbbreviation(string lower)
    {
        for (var i = 0; i < lower.Length; i++)
        {
            if (i % 2 == 0 ? !char.IsLetter(lower[i]) : lower[i] != '.')
                return false;
        }

        return lower.Length > 2;
    }
}
