using LlmKit.Text.Scanning;

namespace LlmKit.Text.Detectors.Addresses;

/// <summary>IPv4 addresses in the usual form: four decimal octets with dots between them.</summary>
internal static class Ipv4Form
{
    public const int MaxLength = 15;

    /// <summary>The end of the address that starts at an index, or -1.</summary>
    public static int End(ref TextCursor cursor, int start)
    {
        var position = start;
        for (var octet = 0; octet < 4; octet++)
        {
            if (octet > 0 && cursor[position++] != '.')
                return -1;
            var (value, digits) = (0, 0);
            for (; digits < 3 && Chars.IsDigit(cursor[position]); position++, digits++)
                value = value * 10 + cursor[position] - '0';
            if (digits == 0 || value > byte.MaxValue)
                return -1;
        }

        return Chars.IsWord(cursor[position]) ? -1 : position;
    }
}
