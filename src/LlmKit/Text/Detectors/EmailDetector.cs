using System.Buffers;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Detectors;

/// <summary>E-mail addresses: dot-atom local part of 64 characters at most, two domain labels or more, an alphabetic top level.</summary>
internal sealed class EmailDetector : ProbeDetector
{
    private const int MaxLocal = 64;
    private const int MaxDomain = 253;
    private const int MaxLabel = 63;
    private const int MaxTopLevel = 24;

    // "icon@2x.png" is a file, not an address.
    private static readonly SearchValues<string> s_fileTypes =
        SearchValues.Create(["png", "jpg", "jpeg", "gif", "svg", "webp"], StringComparison.OrdinalIgnoreCase);

    public override string Name => "email";

    protected override int Reach => MaxLocal + MaxDomain + MaxLabel + 8;

    public override void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        var cursor = new TextCursor(text);
        for (var at = NextAt(text, from); at >= 0; at = NextAt(text, at + 1))
        {
            var local = text[..at];
            for (var start = NextStart(local, Math.Max(from, LocalRunStart(text, at))); start < at; start = NextStart(local, start + 1))
            {
                if (!TryProbe(ref cursor, start, out var hit))
                    continue;
                hits.Add(hit);
                break;
            }
        }
    }

    protected override int NextStart(ReadOnlySpan<char> text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            if (IsStart(text, i))
                return i;
        }

        return text.Length;
    }

    protected override bool TryProbe(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        var at = EndOfLocal(ref cursor, start);
        if (at < 0 || IsUrlPassword(ref cursor, start))
            return false;

        var end = EndOfDomain(ref cursor, at + 1);
        if (end < 0)
            return false;
        hit = new TextHit("email", "EMAIL", start, end - start, DetectionScore.High);
        return true;
    }

    private static int NextAt(ReadOnlySpan<char> text, int from)
    {
        var offset = text[from..].IndexOf('@');
        return offset < 0 ? -1 : from + offset;
    }

    private static int LocalRunStart(ReadOnlySpan<char> text, int at)
    {
        var start = at;
        while (start > 0 && at - start < MaxLocal && IsLocal(text[start - 1]))
            start--;
        return start;
    }

    // A run of local characters starts an address, and so does what follows two dots in it.
    private static bool IsStart(ReadOnlySpan<char> text, int i)
    {
        if (text[i] == '.' || !IsLocal(text[i]))
            return false;
        if (i == 0 || !IsLocal(text[i - 1]))
            return true;
        return text[i - 1] == '.' && (i == 1 || text[i - 2] == '.' || !IsLocal(text[i - 2]));
    }

    private static int EndOfLocal(ref TextCursor cursor, int start)
    {
        for (var i = start; i <= start + MaxLocal; i++)
        {
            var c = cursor[i];
            if (c == '@')
                return cursor[i - 1] == '.' ? -1 : i;
            if (!IsLocal(c) || (c == '.' && cursor[i - 1] == '.'))
                return -1;
        }

        return -1;
    }

    // In "scheme://user:password@host" the password looks like a local part.
    private static bool IsUrlPassword(ref TextCursor cursor, int start)
    {
        if (cursor[start - 1] != ':')
            return false;
        var before = cursor.Before(start, MaxLocal);
        var slashes = before.LastIndexOf("//");
        return slashes >= 0 && before[slashes..].IndexOfAny(' ', '\n', '@') < 0;
    }

    /// <summary>The end of the longest domain whose last label can be a top level, or -1.</summary>
    private static int EndOfDomain(ref TextCursor cursor, int start)
    {
        var best = -1;
        var label = start;
        for (var labels = 1; label - start < MaxDomain; labels++)
        {
            var end = EndOfLabel(ref cursor, label);
            if (end < 0)
                break;
            if (labels > 1 && IsTopLevel(ref cursor, label, end))
                best = end;
            if (cursor[end] != '.')
                break;
            label = end + 1;
        }

        return best;
    }

    private static int EndOfLabel(ref TextCursor cursor, int start)
    {
        var i = start;
        while (i - start <= MaxLabel && (IsLetterOrDigit(cursor[i]) || cursor[i] == '-'))
            i++;
        if (i - start > MaxLabel || cursor[start] == '-')
            return -1;
        while (i > start && cursor[i - 1] == '-')
            i--;
        return i == start ? -1 : i;
    }

    private static bool IsTopLevel(ref TextCursor cursor, int start, int end)
    {
        var label = cursor.Slice(start, end - start);
        if (label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase))
            return label.Length > 4;
        if (label.Length is < 2 or > MaxTopLevel || (label.Length <= 4 && label.IndexOfAny(s_fileTypes) == 0))
            return false;
        foreach (var c in label)
        {
            if (char.IsAsciiDigit(c) || c == '-')
                return false;
        }

        return true;
    }

    private static bool IsLocal(char c) => IsLetterOrDigit(c) || c is '.' or '_' or '%' or '+' or '-';

    // Letters of scripts with upper and lower case; a script without it has no blanks to end the address at.
    private static bool IsLetterOrDigit(char c) =>
        c < 0x80 ? char.IsAsciiLetterOrDigit(c) : char.IsLower(c) || char.IsUpper(c);
}
