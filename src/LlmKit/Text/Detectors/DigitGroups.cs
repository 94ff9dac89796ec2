using LlmKit.Text.Scanning;

namespace LlmKit.Text.Detectors;

/// <summary>Groups of digits as telephone numbers are written: apart by a blank, a dot, a hyphen or brackets.</summary>
internal readonly record struct DigitGroups(int Digits, int Groups, int End)
{
    private const int MaxSeparator = 2;

    /// <summary>Reads whole groups while their digits do not exceed a number; no digits if the first group already does.</summary>
    public static DigitGroups Read(ref TextCursor cursor, int start, int mostDigits)
    {
        var read = default(DigitGroups);
        var position = start;
        while (true)
        {
            var digits = 0;
            for (; digits <= mostDigits && Chars.IsDigit(cursor[position]); position++)
                digits++;
            if (digits == 0 || read.Digits + digits > mostDigits || Chars.IsWord(cursor[position]))
                return read;
            if (IsRightBoundary(ref cursor, position) || IsSeparator(cursor[position]))
                read = new DigitGroups(read.Digits + digits, read.Groups + 1, position);
            if (read.Digits == mostDigits || !TrySkipSeparator(ref cursor, ref position, mayBeAreaCode: read.Groups == 1))
                return read;
        }
    }

    /// <summary>Whether no number goes on here: no word character, and no dot or hyphen with a digit behind it.</summary>
    public static bool IsRightBoundary(ref TextCursor cursor, int end)
    {
        var next = cursor[end];
        return !Chars.IsWord(next) && !(next is '.' or '-' && Chars.IsDigit(cursor[end + 1]));
    }

    // A lone digit behind a blank is a word of the sentence, not a group; in brackets it is the trunk prefix, and behind the country
    // code, before two more digits, the code of an area: +33 1 23.
    private static bool TrySkipSeparator(ref TextCursor cursor, ref int position, bool mayBeAreaCode)
    {
        var next = position;
        while (next - position < MaxSeparator && IsSeparator(cursor[next]))
            next++;
        if (next == position || !Chars.IsDigit(cursor[next]))
            return false;
        if (!Chars.IsDigit(cursor[next + 1]) && cursor[next + 1] != ')' && !(mayBeAreaCode && BeginsGroup(ref cursor, next + 1)))
            return false;
        position = next;
        return true;
    }

    private static bool BeginsGroup(ref TextCursor cursor, int position) =>
        IsSeparator(cursor[position]) && Chars.IsDigit(cursor[position + 1]) && Chars.IsDigit(cursor[position + 2]);

    private static bool IsSeparator(char c) => c is ' ' or '.' or '-' or '(' or ')';
}
