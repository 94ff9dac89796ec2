using System.Globalization;

namespace LlmKit.Text.Injection.Words;

/// <summary>Brings characters to the form in which words are compared: small letters without accents, ornament and invisible marks.</summary>
internal static class Letters
{
    /// <summary>Stands for a character that is not seen: zero width, joiners, direction marks, combining accents.</summary>
    public const char Invisible = '\0';

    /// <summary>Stands for whatever stands between words.</summary>
    public const char Separator = ' ';

    /// <summary>Stands for the marks that end a sentence.</summary>
    public const char SentenceEnd = '.';

    private const int FirstAccented = 0xC0;

    // U+00C0 to U+017F without their accents.
    private const string Unaccented =
        "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty" +
        "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll" +
        "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

    private const string SmallCapitals = "ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz";

    private const string LookAlikes = "аaеeоoрpсcуyхxіiјjѕsԁdһhӏlкkмmтtвbнhпnиuгrьbαaοoνvρpιiκkτtεeηnυuχxωwβbσo";

    /// <summary>The form of the character at an index, and how many UTF-16 code units it takes.</summary>
    public static char Fold(ReadOnlySpan<char> text, int index, out int length)
    {
        var c = text[index];
        length = 1;
        if (c < 0x80)
            return char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
        if (char.IsHighSurrogate(c) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            length = 2;
            return FoldPair(char.ConvertToUtf32(c, text[index + 1]));
        }

        return c < FirstAccented + Unaccented.Length && c >= FirstAccented ? Unaccented[c - FirstAccented] : FoldOther(c);
    }

    /// <summary>Whether a folded character belongs to a word.</summary>
    public static bool IsWord(char c) => c < 0x80 ? char.IsAsciiLetterOrDigit(c) : c is not '€';

    /// <summary>Whether a folded character is of a script that sets no blanks between words: ideographs and kana.</summary>
    public static bool IsUnspaced(char c) => c is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF');

    /// <summary>Whether a folded character is a syllable or letter of Korean.</summary>
    public static bool IsHangul(char c) => c is (>= '\uAC00' and <= '\uD7A3') or (>= '\u3131' and <= '\u318E');

    /// <summary>Whether a folded character may stand for a letter that it looks like.</summary>
    public static bool IsSymbolForLetter(char c) => c is '@' or '$' or '!' or '|' or '+' or '€';

    /// <summary>The Latin letter that a folded character looks like, or the character itself.</summary>
    public static char Latin(char c)
    {
        return c switch
        {
            '0' => 'o',
            '1' or '!' or '|' => 'i',
            '3' or '€' => 'e',
            '4' or '@' => 'a',
            '5' or '$' => 's',
            '7' or '+' => 't',
            '8' => 'b',
            '9' => 'g',
            _ => c >= 0x370 ? Partner(LookAlikes, c) : c,
        };
    }

    private static char FoldPair(int value) => value switch
    {
        >= 0xE0020 and <= 0xE007E => char.ToLowerInvariant((char)(value - 0xE0000)),
        >= 0xE0000 and <= 0xE01EF => Invisible,
        // Mathematical letters and digits: alphabets of 26 capitals and 26 small ones, one after the other.
        >= 0x1D400 and <= 0x1D6A3 => (char)('a' + ((value - 0x1D400) % 26)),
        >= 0x1D7CE and <= 0x1D7FF => (char)('0' + ((value - 0x1D7CE) % 10)),
        >= 0x1F130 and <= 0x1F149 => (char)('a' + value - 0x1F130),
        >= 0x1F150 and <= 0x1F169 => (char)('a' + value - 0x1F150),
        >= 0x1F170 and <= 0x1F189 => (char)('a' + value - 0x1F170),
        >= 0x1F1E6 and <= 0x1F1FF => (char)('a' + value - 0x1F1E6),
        _ => Separator,
    };

    private static char FoldOther(char c)
    {
        switch (c)
        {
            case '\u00AD' or '\u034F' or '\u061C' or '\u0640' or '\uFEFF':
            case >= '\u0300' and <= '\u036F':
            case >= '\u064B' and <= '\u0652':
            case >= '\u180B' and <= '\u180F':
            case >= '\u200B' and <= '\u200F':
            case >= '\u202A' and <= '\u202E':
            case >= '\u2060' and <= '\u206F':
            case >= '\uFE00' and <= '\uFE0F':
                return Invisible;
            case '。' or '！' or '？' or '؟' or '۔' or '।':
                return SentenceEnd;
            case '’' or '‘' or 'ʼ' or '＇':
                return '\'';
            case '€':
                return c;
            case >= '\uFF01' and <= '\uFF5E':
                return char.ToLowerInvariant((char)(c - 0xFEE0));
            case >= 'Ⓐ' and <= 'ⓩ':
                return (char)('a' + ((c - 'Ⓐ') % 26));
            case >= '\u1EA0' and <= '\u1EF9':
                return Vietnamese(c);
            case 'ơ' or 'Ơ':
                return 'o';
            case 'ư' or 'Ư':
                return 'u';
            case 'أ' or 'إ' or 'آ':
                return 'ا';
            case 'ى':
                return 'ي';
            case 'ё' or 'Ё':
                return 'е';
            default:
                return IsLetter(c) ? Partner(SmallCapitals, char.ToLowerInvariant(c)) : Separator;
        }
    }

    private static char Vietnamese(char c) => c switch
    {
        < '\u1EB8' => 'a',
        < '\u1EC8' => 'e',
        < '\u1ECC' => 'i',
        < '\u1EE4' => 'o',
        < '\u1EF2' => 'u',
        _ => 'y',
    };

    // The vowel signs of Indic scripts are marks, not letters, and belong to the word.
    private static bool IsLetter(char c) =>
        char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static char Partner(string pairs, char c)
    {
        for (var i = 0; i < pairs.Length; i += 2)
        {
            if (pairs[i] == c)
                return pairs[i + 1];
        }

        return c;
    }
}
