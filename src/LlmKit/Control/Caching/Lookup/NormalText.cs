using System.Text;

namespace LlmKit.Control.Caching;

/// <summary>Writes a question in the one form that its careless spellings share: case, white space, full width and closing punctuation do not count.</summary>
/// <remarks>
/// What may carry meaning stays: words in capitals beside others (US, IT), what stands in quotation marks, accents, raised digits. A text
/// with code in it has no such form.
/// </remarks>
internal static class NormalText
{
    /// <summary>Longer texts are seldom typed twice.</summary>
    public const int Longest = 2_000;

    /// <summary>Gives the form, or <see langword="null"/> for a text that has none.</summary>
    public static string? Of(string text)
    {
        if (text.Length > Longest || text.Contains('`', StringComparison.Ordinal) || !IsWellFormed(text))
            return null;
        var folded = Fold(text.Normalize(NormalizationForm.FormC));
        var keepsCapitals = folded.AsSpan().ContainsAnyInRange('a', 'z');
        var output = new StringBuilder(folded.Length);
        for (var i = 0; i < folded.Length;)
        {
            var end = EndOfPart(folded, i);
            Append(output, folded.AsSpan(i, end - i), keepsCapitals);
            i = end;
        }

        return WithoutClosing(output);
    }

    /// <summary>Half of a surrogate pair cannot be normalised.</summary>
    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    /// <summary>Folds what is only another shape of the same character, one for one; white space is a space, and invisible marks are nothing.</summary>
    private static string Fold(string text)
    {
        var output = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (Shape(c) is var shape && shape != '\0' && (shape != ' ' || (output.Length > 0 && output[^1] != ' ')))
                output.Append(shape);
        }

        return output.ToString();
    }

    private static char Shape(char c) => c switch
    {
        '\u00AD' or '\u200B' or '\u2060' or '\uFEFF' or '\0' => '\0',
        >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0),
        '\u2018' or '\u2019' => '\'',
        '\u201C' or '\u201D' or '\u201E' or '\u00AB' or '\u00BB' => '"',
        '\u2010' or '\u2011' => '-',
        _ => char.IsWhiteSpace(c) ? ' ' : c,
    };

    /// <summary>A part is a quotation, a word, or one character between words.</summary>
    private static int EndOfPart(string text, int start)
    {
        if (text[start] == '"')
            return text.IndexOf('"', start + 1) is var end and > 0 ? end + 1 : start + 1;
        var i = start;
        while (i < text.Length && char.IsLetterOrDigit(text[i]))
            i++;
        return i == start ? start + 1 : i;
    }

    private static void Append(StringBuilder output, ReadOnlySpan<char> part, bool keepsCapitals)
    {
        var isMeant = part[0] == '"' || (keepsCapitals && part.Length > 1 && IsUpper(part));
        foreach (var c in part)
            output.Append(isMeant ? c : char.ToLowerInvariant(c));
    }

    private static bool IsUpper(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (char.IsLower(c) || !char.IsLetterOrDigit(c))
                return false;
        }

        return true;
    }

    private static string? WithoutClosing(StringBuilder text)
    {
        var length = text.Length;
        while (length > 0 && text[length - 1] is ' ' or '.' or '?' or '!' or '\u2026' or '\u3002' or '\u061F')
            length--;
        var start = 0;
        while (start < length && text[start] == ' ')
            start++;
        return length > start ? text.ToString(start, length - start) : null;
    }
}
