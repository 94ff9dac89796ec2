using System.Text;

namespace LlmKit.Control.Caching;

/// <summary>
/// Gives one form to characters that are the same in print: full-width forms, ligatures, the digits of all scripts, odd spaces and apostrophes, marks that
/// stand apart from their letter. Invisible characters go.
/// </summary>
/// <remarks>
/// The part of Unicode's form NFKC that occurs in questions. The runtime's own normalisation is not used: without globalisation data it gives
/// texts back unchanged, so that two machines would make different hashes of one text.
/// </remarks>
internal static class PlainCharacters
{
    private const char Nothing = '\0';

    /// <summary>For each mark the letters that carry it, bare and marked in turn.</summary>
    private static string Carriers(char mark) => mark switch
    {
        '\u0300' => "aàeèiìoòuùAÀEÈIÌOÒUÙ",
        '\u0301' => "aáeéiíoóuúyýcćnńsśzźAÁEÉIÍOÓUÚYÝCĆNŃSŚZŹ",
        '\u0302' => "aâeêiîoôuûAÂEÊIÎOÔUÛ",
        '\u0303' => "aãnñoõAÃNÑOÕ",
        '\u0306' => "gğaăGĞAĂ",
        '\u0307' => "zżZŻIİ",
        '\u0308' => "aäeëiïoöuüAÄEËIÏOÖUÜ",
        '\u030A' => "aåuůAÅUŮ",
        '\u030B' => "oőuűOŐUŰ",
        '\u030C' => "cčdďeěnňrřsštťzžCČDĎEĚNŇRŘSŠTŤZŽ",
        '\u0327' => "cçsşCÇSŞ",
        '\u0328' => "aąeęAĄEĘ",
        _ => "",
    };

    public static string Of(string text)
    {
        var first = text.AsSpan().IndexOfAnyExceptInRange('\0', '\u009F');
        if (first < 0)
            return text;
        var plain = new StringBuilder(text.Length).Append(text, 0, first);
        for (var i = first; i < text.Length; i++)
            Append(plain, text[i]);
        return plain.ToString();
    }

    private static void Append(StringBuilder plain, char character)
    {
        if (Ligature(character) is { } letters)
            plain.Append(letters);
        else if (plain.Length > 0 && Composed(plain[^1], character) is var composed && composed != Nothing)
            plain[^1] = composed;
        else if (Single(character) is var single && single != Nothing)
            plain.Append(single);
    }

    private static char Composed(char letter, char mark)
    {
        var carriers = Carriers(mark);
        for (var i = 0; i < carriers.Length; i += 2)
        {
            if (carriers[i] == letter)
                return carriers[i + 1];
        }

        return Nothing;
    }

    private static string? Ligature(char character) => character switch
    {
        '\uFB00' => "ff",
        '\uFB01' => "fi",
        '\uFB02' => "fl",
        '\uFB03' => "ffi",
        '\uFB04' => "ffl",
        '\u2026' => "...",
        _ => null,
    };

    private static char Single(char character) => character switch
    {
        >= '\uFF01' and <= '\uFF5E' => (char)(character - 0xFEE0),
        '\u00A0' or '\u3000' or '\u202F' or '\u205F' or (>= '\u2000' and <= '\u200A') => ' ',
        '\u00AD' or '\u2060' or '\uFEFF' or (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\uFE0F' => Nothing,
        '\u00B9' => '1',
        '\u00B2' => '2',
        '\u00B3' => '3',
        '\u2018' or '\u2019' or '\u02BC' or '\u00B4' => '\'',
        '\u2010' or '\u2011' or '\u2212' => '-',
        '\uFFE5' => '¥',
        '\uFFE1' => '£',
        _ => char.IsDigit(character) ? (char)('0' + (int)char.GetNumericValue(character)) : character,
    };
}
