using System.Buffers;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Detectors;

/// <summary>Telephone numbers: E.164 with its plus sign, the North American plan, and national forms behind a telling word.</summary>
internal sealed class PhoneDetector : ProbeDetector
{
    private const int ContextLength = 40;
    private const int MinInternational = 8;
    private const int MaxInternational = 15;

    private static readonly SearchValues<char> s_starts = SearchValues.Create("+(0123456789");

    private static readonly SearchValues<string> s_strong = SearchValues.Create(
        ["phone", "tel:", "tel.", "tel ", "telef", "mobile", "cell", "call ", "fax", "whatsapp", "sms", "dial"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> s_weak = SearchValues.Create(["number", "contact", "reach"], StringComparison.OrdinalIgnoreCase);

    public override string Name => "phone";

    protected override int Reach => 64;

    protected override int NextStart(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length)
        {
            var offset = text[from..].IndexOfAny(s_starts);
            if (offset < 0)
                return text.Length;
            from += offset;
            if (from == 0 || !Chars.IsDigit(text[from]) || !Chars.IsWord(text[from - 1]))
                return from;
            var run = text[from..].IndexOfAnyExceptInRange('0', '9');
            from = run < 0 ? text.Length : from + run;
        }

        return text.Length;
    }

    protected override bool TryProbe(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        var previous = cursor[start - 1];
        if (!Chars.IsLeftBoundary(ref cursor, start) || (previous is '-' or '.' or '/' or '+' && Chars.IsWord(cursor[start - 2])))
            return false;
        if (cursor[start] == '+')
            return TryInternational(ref cursor, start, out hit);
        if (previous == '+')
            return false;
        var found = TryNorthAmerican(ref cursor, start, out hit);
        if (hit.Score < DetectionScore.Medium && TryNational(ref cursor, start, out var national))
            (found, hit) = (true, national);
        return found;
    }

    private static bool TryInternational(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        var most = CallingCodes.MostDigits(ref cursor, start + 1);
        if (most == 0)
            return false;
        var run = DigitGroups.Read(ref cursor, start + 1, most);
        if (run.Digits < (most == MaxInternational ? MinInternational : most))
            return false;
        hit = new TextHit("phone-international", "PHONE", start, run.End - start, DetectionScore.High);
        return true;
    }

    private static bool TryNorthAmerican(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        var position = start;
        if (cursor[position] == '1')
        {
            position++;
            if (cursor[position] is ' ' or '.' or '-')
                position++;
        }

        var bracket = cursor[position] == '(';
        if (!TryBlock(ref cursor, bracket ? position + 1 : position, 3, out position) || (bracket && cursor[position++] != ')'))
            return false;
        var apart = SkipSeparator(ref cursor, ref position) | bracket;
        if (!TryBlock(ref cursor, position, 3, out position))
            return false;
        apart &= SkipSeparator(ref cursor, ref position);
        for (var i = 0; i < 4; i++)
        {
            if (!Chars.IsDigit(cursor[position++]))
                return false;
        }

        if (!DigitGroups.IsRightBoundary(ref cursor, position))
            return false;
        var certain = apart || cursor.Before(start, ContextLength).ContainsAny(s_strong);
        hit = new TextHit("phone-north-american", "PHONE", start, position - start, certain ? DetectionScore.Medium : DetectionScore.Low);
        return true;
    }

    // An area code or an exchange: it starts with 2 to 9.
    private static bool TryBlock(ref TextCursor cursor, int start, int length, out int end)
    {
        end = start + length;
        if (cursor[start] is < '2' or > '9')
            return false;
        for (var i = start + 1; i < end; i++)
        {
            if (!Chars.IsDigit(cursor[i]))
                return false;
        }

        return true;
    }

    private static bool SkipSeparator(ref TextCursor cursor, ref int position)
    {
        if (cursor[position] is not (' ' or '.' or '-'))
            return false;
        position++;
        return true;
    }

    private static bool TryNational(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        var before = cursor.Before(start, ContextLength);
        var strong = before.ContainsAny(s_strong);
        if (!strong && !before.ContainsAny(s_weak))
            return false;
        var digit = cursor[start] == '(' ? start + 1 : start;
        var run = DigitGroups.Read(ref cursor, digit, 12);
        var trunk = cursor[digit] == '0' && run is { Digits: >= 9, Groups: > 1 };
        var mobile = cursor[digit] == '1' && run is { Digits: 11, Groups: 1 } && cursor[digit + 1] >= '3';
        if (!trunk && !mobile && !(strong && run.Digits >= 7))
            return false;
        hit = new TextHit("phone-national", "PHONE", start, run.End - start, DetectionScore.Medium);
        return true;
    }
}
