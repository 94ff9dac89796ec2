using System.Collections.Frozen;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Detectors.Addresses;

/// <summary>URLs with a scheme, and bare hosts under the commonest top levels, with the path behind them. The search is for the first dot of a host.</summary>
internal sealed class UrlDetector : ProbeDetector
{
    private const int MaxLabel = 63;
    private const int MaxHost = 253;
    private const int MaxLength = 512;
    private const string AfterScheme = "://";

    private static readonly string[] s_schemes = ["https://", "http://", "ftp://", "wss://", "ws://"];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_bareTopLevels = new[]
    {
        "com", "org", "net", "io", "dev", "app", "ai", "edu", "gov", "info", "biz", "co", "uk", "de", "fr", "es", "it", "nl", "eu", "ch", "jp", "cn", "br", "au", "ca",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public override string Name => "url";

    protected override int Reach => MaxLength + 2;

    public override void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        var cursor = new TextCursor(text);
        for (var position = from; position < text.Length; position++)
        {
            var offset = text[position..].IndexOf('.');
            if (offset < 0)
                return;
            position += offset;
            var start = StartOfUrl(text, position);
            if (start >= from && TryProbe(ref cursor, start, out var hit))
                hits.Add(hit);
        }
    }

    protected override int NextStart(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length && !IsOfLabel(text[from]))
            from++;
        return from;
    }

    protected override bool TryProbe(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        if (!Chars.IsLeftBoundary(ref cursor, start) || cursor[start - 1] is '.' or '-' or '@' or '/')
            return false;
        var host = start + SchemeLength(ref cursor, start);
        var end = EndOfHost(ref cursor, host, isBare: host == start);
        if (end < 0)
            return false;
        hit = new TextHit("url", "URL", start, EndOfRest(ref cursor, start, end) - start, DetectionScore.Medium);
        return true;
    }

    // The host goes back from its first dot by one label, and the URL by a scheme.
    private static int StartOfUrl(ReadOnlySpan<char> text, int dot)
    {
        var start = dot;
        while (start > 0 && dot - start < MaxLabel && IsOfLabel(text[start - 1]))
            start--;
        if (!text[..start].EndsWith(AfterScheme))
            return start;
        foreach (var scheme in s_schemes)
        {
            if (text[..start].EndsWith(scheme, StringComparison.OrdinalIgnoreCase) && !IsLetterBefore(text, start - scheme.Length))
                return start - scheme.Length;
        }

        return -1;
    }

    private static bool IsLetterBefore(ReadOnlySpan<char> text, int index) => index > 0 && char.IsAsciiLetterOrDigit(text[index - 1]);

    private static int SchemeLength(ref TextCursor cursor, int start)
    {
        foreach (var scheme in s_schemes)
        {
            var length = 0;
            while (length < scheme.Length && char.ToLowerInvariant(cursor[start + length]) == scheme[length])
                length++;
            if (length == scheme.Length)
                return length;
        }

        return 0;
    }

    /// <summary>The end of two labels or more of which the last can be a top level, or -1.</summary>
    private static int EndOfHost(ref TextCursor cursor, int start, bool isBare)
    {
        var (label, labels) = (start, 0);
        while (true)
        {
            var end = label;
            while (end - label <= MaxLabel && IsOfLabel(cursor[end]))
                end++;
            if (end == label || end - label > MaxLabel || end - start > MaxHost)
                return -1;
            labels++;
            if (cursor[end] == '.' && char.IsAsciiLetterOrDigit(cursor[end + 1]))
            {
                label = end + 1;
                continue;
            }

            var isTopLevel = labels > 1 && cursor[end] is not ('@' or '_') && IsTopLevel(cursor.Slice(label, end - label), isBare);
            return isTopLevel ? end : -1;
        }
    }

    private static bool IsTopLevel(ReadOnlySpan<char> label, bool isBare)
    {
        if (isBare)
            return s_bareTopLevels.Contains(label);
        return label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase) || (label.Length >= 2 && !label.ContainsAnyInRange('0', '9')) || !label.ContainsAnyExceptInRange('0', '9');
    }

    private static int EndOfRest(ref TextCursor cursor, int start, int end)
    {
        if (cursor[end] is not (':' or '/' or '?' or '#'))
            return end;
        var last = end;
        while (last - start < MaxLength && IsOfUrl(cursor[last]))
            last++;
        while (last > end && cursor[last - 1] is '.' or ',' or ';' or ':' or '!' or '?' or '\'' or ')' or ']')
            last--;
        return Math.Max(last, end);
    }

    private static bool IsOfLabel(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';

    private static bool IsOfUrl(char c) => c > ' ' && c < '\u007F' && c is not ('"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}');
}
