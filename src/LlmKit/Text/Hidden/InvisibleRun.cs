using LlmKit.Text.Scanning;

namespace LlmKit.Text.Hidden;

/// <summary>One run of invisible characters: its first few may be in their place, and from the first that is not all are hidden text.</summary>
internal static class InvisibleRun
{
    /// <summary>The most characters of a run that can be in their place, so that it need not be read from its beginning.</summary>
    public const int MaxInPlace = 20;

    private const int MostKept = 4;
    private const int LeastSelectors = 4;
    private const int DirectionReach = 16;
    private const int LeastRegion = 3;
    private const int MostRegion = 6;

    /// <summary>The length of an invisible code point, 0 if there is none.</summary>
    public static int LengthAt(ref TextCursor cursor, int index)
    {
        var c = cursor[index];
        if (!Ignorable.IsIgnorable(c))
            return 0;
        if (!char.IsHighSurrogate(c))
            return 1;
        return char.IsLowSurrogate(cursor[index + 1]) ? 2 : 0;
    }

    /// <summary>The first index of the run that holds an index; -1 if that lies farther back than characters in their place can.</summary>
    public static int StartOf(ref TextCursor cursor, int index)
    {
        var start = index;
        while (index - start <= MaxInPlace)
        {
            if (start > 0 && LengthAt(ref cursor, start - 1) == 1)
                start--;
            else if (start > 1 && LengthAt(ref cursor, start - 2) == 2)
                start -= 2;
            else
                return start;
        }

        return -1;
    }

    /// <summary>The length of what is in its place at the beginning of a run, at an index that was reached in this way; 0 if that is hidden text.</summary>
    public static int InPlace(ref TextCursor cursor, int run, int index)
    {
        if (index - run >= MaxInPlace - 2)
            return 0;
        var point = CodePoints.At(ref cursor, index);
        var before = CodePoints.Before(ref cursor, run);
        if (CodePoints.IsTag(point))
            return index == run && before == CodePoints.BlackFlag ? LengthOfFlag(ref cursor, run) : 0;
        if (CodePoints.IsSelector(point))
            return index == run ? LengthOfSelectors(ref cursor, run, before) : 0;
        return index - run < MostKept && IsInPlace(ref cursor, index, point, before) ? 1 : 0;
    }

    /// <summary>Whether a character in its place is one that also splits words for no reader to see: a soft hyphen, a break without a blank.</summary>
    public static bool IsBreak(char c) => c is '\u00AD' or '\u200B' or '\u2060';

    private static bool IsInPlace(ref TextCursor cursor, int index, int point, int before) => point switch
    {
        0x200D => CodePoints.IsJoining(before) || (CodePoints.IsEmoji(before) && CodePoints.IsEmoji(CodePoints.At(ref cursor, index + 1))),
        0x200C => CodePoints.IsJoining(before),
        0x200E or 0x200F or 0x061C => IsNearRightToLeft(ref cursor, index),
        0x00AD => before < 0x10000 && char.IsLetter((char)before),
        0x200B or 0x2060 => CodePoints.IsWithoutBlanks(before) || CodePoints.IsWithoutBlanks(CodePoints.At(ref cursor, index + 1)),
        0x034F => before >= 0x300,
        0xFEFF => index == 0,
        0x17B4 or 0x17B5 => CodePoints.IsKhmer(before),
        >= 0x180B and <= 0x180F => CodePoints.IsMongolian(before),
        0x115F or 0x1160 or 0x3164 or 0xFFA0 => CodePoints.IsHangul(before) || CodePoints.IsHangul(CodePoints.At(ref cursor, index + 1)),
        _ => false,
    };

    private static bool IsNearRightToLeft(ref TextCursor cursor, int index)
    {
        for (var i = index - 1; i >= 0 && index - i <= DirectionReach; i--)
        {
            if (CodePoints.IsRightToLeft(char.IsLowSurrogate(cursor[i]) ? CodePoints.Before(ref cursor, i + 1) : cursor[i]))
                return true;
        }

        for (var i = index + 1; i - index <= DirectionReach && !cursor.ReachedEnd; i++)
        {
            if (CodePoints.IsRightToLeft(CodePoints.At(ref cursor, i)))
                return true;
        }

        return false;
    }

    // A subdivision flag (UTS 51): the black flag, the letters and digits of a region as tags, and the cancel tag.
    private static int LengthOfFlag(ref TextCursor cursor, int start)
    {
        for (var count = 0; count <= MostRegion; count++)
        {
            var point = CodePoints.At(ref cursor, start + 2 * count);
            if (point == 0xE007F)
                return count >= LeastRegion ? 2 * (count + 1) : 0;
            if (point is not ((>= 0xE0030 and <= 0xE0039) or (>= 0xE0061 and <= 0xE007A)))
                return 0;
        }

        return 0;
    }

    // One selector belongs to what it follows, two are a slip of an editor; four in a row spell bytes.
    private static int LengthOfSelectors(ref TextCursor cursor, int start, int before)
    {
        var position = start;
        for (var count = 0; ; count++)
        {
            var point = CodePoints.At(ref cursor, position);
            if (!CodePoints.IsSelector(point))
                return before == 0 ? 0 : position - start;
            if (count + 1 >= LeastSelectors || (point > 0xFFFF && !CodePoints.IsIdeograph(before)))
                return 0;
            position += point > 0xFFFF ? 2 : 1;
        }
    }
}
