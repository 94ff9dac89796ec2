using LlmKit.Text.Scanning;

namespace LlmKit.Text.Detectors.Addresses;

/// <summary>IPv6 addresses as RFC 4291, section 2.2, writes them: eight groups, one run of zeros as <c>::</c>, an IPv4 address at the end.</summary>
internal static class Ipv6Form
{
    public const int MaxLength = 45;
    private const int Groups = 8;
    private const int MaxGroup = 4;

    /// <summary>The end of the address that starts at an index, or -1.</summary>
    public static int End(ref TextCursor cursor, int start)
    {
        var (position, groups) = (start, 0);
        var isCompressed = TrySkipDouble(ref cursor, ref position);
        while (groups < Groups)
        {
            var digits = GroupLength(ref cursor, position);
            if (digits is 0 or > MaxGroup)
                break;
            if (cursor[position + digits] == '.' && Chars.IsDigit(cursor[position + digits + 1]))
            {
                position = Ipv4Form.End(ref cursor, position);
                groups += 2;
                break;
            }

            position += digits;
            groups++;
            var before = position;
            if (TrySkipDouble(ref cursor, ref position))
            {
                if (isCompressed)
                    return -1;
                isCompressed = true;
            }
            else if (cursor[position] != ':' || !char.IsAsciiHexDigit(cursor[position + 1]) || groups == Groups)
                break;
            else
                position = before + 1;
        }

        var isWhole = position >= 0 && (isCompressed ? groups < Groups : groups == Groups);
        return isWhole && IsRightBoundary(ref cursor, position) ? position : -1;
    }

    /// <summary>Whether so few characters are an address rather than a slice, a scope or a word: hexadecimal groups of some length.</summary>
    public static bool IsTelling(ReadOnlySpan<char> address)
    {
        if (!address.ContainsAnyInRange('0', '9'))
            return false;
        var first = address.IndexOf(':');
        return first is 0 or > 2 || address.Count(':') > 3;
    }

    private static bool TrySkipDouble(ref TextCursor cursor, ref int position)
    {
        if (cursor[position] != ':' || cursor[position + 1] != ':')
            return false;
        position += 2;
        return true;
    }

    private static int GroupLength(ref TextCursor cursor, int position)
    {
        var digits = 0;
        while (digits <= MaxGroup && char.IsAsciiHexDigit(cursor[position + digits]))
            digits++;
        return digits;
    }

    private static bool IsRightBoundary(ref TextCursor cursor, int end)
    {
        var next = cursor[end];
        if (next is ':' or '.')
            return !Chars.IsWord(cursor[end + 1]) && cursor[end + 1] != ':';
        return !Chars.IsWord(next);
    }
}
