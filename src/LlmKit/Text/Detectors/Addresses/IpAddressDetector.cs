using System.Buffers;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Detectors.Addresses;

/// <summary>IP addresses of both versions, with the zone and the prefix length that follow them. The search is for digits and colons.</summary>
internal sealed class IpAddressDetector : ProbeDetector
{
    private const int MaxZone = 32;
    private const int MaxGroup = 4;
    private const int VersionLength = 10;

    private static readonly SearchValues<char> s_anchors = SearchValues.Create(":0123456789");
    private static readonly SearchValues<char> s_starts = SearchValues.Create(":0123456789abcdefABCDEF");

    public override string Name => "ip-address";

    protected override int Reach => Ipv6Form.MaxLength + MaxZone + 8;

    public override void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        var cursor = new TextCursor(text);
        for (var position = from; position < text.Length;)
        {
            var offset = text[position..].IndexOfAny(s_anchors);
            if (offset < 0)
                return;
            var anchor = position + offset;
            var end = EndOfAnchor(text, anchor);
            position = end;
            // What starts with a digit and is no IPv4 address is found by its first colon.
            if (text[anchor] != ':' && (end == text.Length || text[end] != '.'))
                continue;
            for (var start = Math.Max(from, text[anchor] == ':' ? StartOfGroup(text, anchor) : anchor); start < end; start++)
            {
                if (Chars.IsLeftBoundary(text, start) && TryProbe(ref cursor, start, out var hit))
                    hits.Add(hit);
            }
        }
    }

    protected override int NextStart(ReadOnlySpan<char> text, int from)
    {
        var offset = text[from..].IndexOfAny(s_starts);
        return offset < 0 ? text.Length : from + offset;
    }

    protected override bool TryProbe(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        var previous = cursor[start - 1];
        if (!Chars.IsLeftBoundary(ref cursor, start) || (previous is '.' && Chars.IsWord(cursor[start - 2])))
            return false;
        if (Chars.IsDigit(cursor[start]) && TryVersion4(ref cursor, start, out hit))
            return true;
        return previous != ':' && TryVersion6(ref cursor, start, out hit);
    }

    private static int StartOfGroup(ReadOnlySpan<char> text, int colon)
    {
        var start = colon;
        while (start > 0 && colon - start <= MaxGroup && char.IsAsciiHexDigit(text[start - 1]))
            start--;
        return start;
    }

    private static int EndOfAnchor(ReadOnlySpan<char> text, int anchor)
    {
        if (text[anchor] == ':')
            return anchor + 1;
        var run = text[anchor..].IndexOfAnyExceptInRange('0', '9');
        return run < 0 ? text.Length : anchor + run;
    }

    private static bool TryVersion4(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        var end = Ipv4Form.End(ref cursor, start);
        if (end < 0)
            return false;
        var score = IsVersion(cursor.Before(start, VersionLength)) ? DetectionScore.Low : DetectionScore.High;
        hit = new TextHit("ipv4-address", "IP", start, EndOfPrefix(ref cursor, end, 32) - start, score);
        return true;
    }

    private static bool TryVersion6(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        var end = Ipv6Form.End(ref cursor, start);
        if (end < 0)
            return false;
        var score = Ipv6Form.IsTelling(cursor.Slice(start, end - start)) ? DetectionScore.High : DetectionScore.Low;
        hit = new TextHit("ipv6-address", "IP", start, EndOfPrefix(ref cursor, EndOfZone(ref cursor, end), 128) - start, score);
        return true;
    }

    // Four numbers right behind such a word count releases.
    private static bool IsVersion(ReadOnlySpan<char> before)
    {
        before = before.TrimEnd(' ');
        return before.EndsWith("version", StringComparison.OrdinalIgnoreCase) || before.EndsWith("release", StringComparison.OrdinalIgnoreCase)
            || before.EndsWith("build", StringComparison.OrdinalIgnoreCase);
    }

    private static int EndOfZone(ref TextCursor cursor, int end)
    {
        if (cursor[end] != '%')
            return end;
        var zone = end + 1;
        while (zone - end <= MaxZone && (Chars.IsWord(cursor[zone]) || cursor[zone] == '-'))
            zone++;
        return zone - end - 1 is > 0 and < MaxZone ? zone : end;
    }

    private static int EndOfPrefix(ref TextCursor cursor, int end, int most)
    {
        if (cursor[end] != '/')
            return end;
        var (value, position) = (0, end + 1);
        for (; position - end <= 3 && Chars.IsDigit(cursor[position]); position++)
            value = value * 10 + cursor[position] - '0';
        return position > end + 1 && value <= most && !Chars.IsWord(cursor[position]) ? position : end;
    }
}
