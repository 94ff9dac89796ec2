using LlmKit.Text.Scanning;

namespace LlmKit.Text.Hidden;

/// <summary>Reads code points and tells the classes on which it depends whether an invisible character is in its place.</summary>
/// <remarks>The classes are blocks of the Unicode Character Database, taken whole: an unassigned code point in a block harms nobody.</remarks>
internal static class CodePoints
{
    public const int BlackFlag = 0x1F3F4;

    /// <summary>The code point at an index; half a pair stands for itself.</summary>
    public static int At(ref TextCursor cursor, int index)
    {
        var c = cursor[index];
        if (!char.IsHighSurrogate(c))
            return c;
        var low = cursor[index + 1];
        return char.IsLowSurrogate(low) ? char.ConvertToUtf32(c, low) : c;
    }

    /// <summary>The code point before an index, 0 at the beginning of the text.</summary>
    public static int Before(ref TextCursor cursor, int index)
    {
        var c = cursor[index - 1];
        return char.IsLowSurrogate(c) && char.IsHighSurrogate(cursor[index - 2]) ? char.ConvertToUtf32(cursor[index - 2], c) : c;
    }

    public static bool IsTag(int point) => point is >= 0xE0000 and <= 0xE007F;

    public static bool IsSelector(int point) => point is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);

    public static bool IsBidiControl(int point) => point is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    /// <summary>Pictographs and the signs that become pictographs, with skin tones.</summary>
    public static bool IsEmoji(int point) => point is (>= 0x1F000 and <= 0x1FAFF)
        or (>= 0x2190 and <= 0x21FF) or (>= 0x2300 and <= 0x23FF) or (>= 0x25A0 and <= 0x27BF) or (>= 0x2900 and <= 0x297F) or (>= 0x2B00 and <= 0x2BFF)
        or 0xA9 or 0xAE or 0x2122 or 0x3030 or 0x303D or 0x3297 or 0x3299;

    /// <summary>Scripts whose letters change their shape by a joiner or non-joiner: Arabic to N'Ko, Indic, Tibetan, Myanmar, Khmer, Mongolian and kin.</summary>
    public static bool IsJoining(int point) => point is (>= 0x600 and <= 0x8FF) or (>= 0x900 and <= 0xDFF) or (>= 0xF00 and <= 0x109F)
        or (>= 0x1780 and <= 0x18AF) or (>= 0x1900 and <= 0x1CFF) or (>= 0xA800 and <= 0xABFF) or (>= 0xFB50 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC)
        or (>= 0x10A00 and <= 0x11FFF) or (>= 0x1E900 and <= 0x1E95F);

    /// <summary>Scripts written from right to left.</summary>
    public static bool IsRightToLeft(int point) => point is (>= 0x590 and <= 0x8FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFC)
        or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF);

    /// <summary>Scripts written without blanks, in which an invisible break may mark where a line can end.</summary>
    public static bool IsWithoutBlanks(int point) => point is (>= 0xE00 and <= 0xFFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x1980 and <= 0x1AAF) or (>= 0x2E80 and <= 0xD7A3) or (>= 0x20000 and <= 0x3FFFF);

    public static bool IsIdeograph(int point) => point is (>= 0x3400 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    public static bool IsHangul(int point) => point is (>= 0x1100 and <= 0x11FF) or (>= 0x3130 and <= 0x318F) or (>= 0xA960 and <= 0xA97F) or (>= 0xAC00 and <= 0xD7FF) or (>= 0xFFA1 and <= 0xFFDC);

    public static bool IsMongolian(int point) => point is >= 0x1800 and <= 0x18AF;

    public static bool IsKhmer(int point) => point is >= 0x1780 and <= 0x17FF;
}
