using System.Buffers;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Detectors;

/// <summary>Telephone numbers: E.164 with its plus sign, the North American plan, and national forms behind a telling word.</summary>
internal sealed class PhoneDetector : ProbeDetector
{
    private const int ContextLength = 40;
    private const int MinInternational = 8;
    private const int MaxInternational = 15;
    private const int MinDialled = 10;

    private static readonly SearchValues<char> s_starts = SearchValues.Create("+(0123456789");

    private static readonly SearchValues<string> s_strong = SearchValues.Create(
        ["phone", "tel:", "tel.", "tel ", "telef", "mobile", "cell", "call ", "fax", "whatsapp", "sms", "dial"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> s_weak = SearchValues.Create(["number", "contact", "reach"], StringComparison.OrdinalIgnoreCase);

    // What else has a number, and dates.
    private static readonly SearchValues<string> s_other = SearchValues.Create(
        ["order", "invoice", "serial", "account", "case", "ticket", "refer", "tracking", "part", "model", "version", "document", "passport", "card", "tax", "insurance",
            "policy", "room", "article", "item", "date", "licen", "permit", "regist", "ident", "numbers", "routing", "patient", "isbn", " id", "social", "security"],
        StringComparison.OrdinalIgnoreCase);

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
            if (!Chars.IsDigit(text[from]) || Chars.IsLeftBoundary(text, from))
                return from;
            from++;
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
            return TryInternational(ref cursor, start, prefix: 1, out hit);
        if (previous == '+')
            return false;
        if (cursor[start] == '0' && cursor[start + 1] == '0' && TryInternational(ref cursor, start, prefix: 2, out hit))
            return true;
        var found = TryNorthAmerican(ref cursor, start, out hit);
        if (hit.Score < DetectionScore.Medium && TryNational(ref cursor, start, out var national))
            (found, hit) = (true, national);
        return found;
    }

    // Behind a plus sign, or two zeros as they are dialled in most countries; those need groups to be told from other numbers.
    private static bool TryInternational(ref TextCursor cursor, int start, int prefix, out TextHit hit)
    {
        hit = default;
        var most = CallingCodes.MostDigits(ref cursor, start + prefix);
        if (most == 0)
            return false;
        var run = DigitGroups.Read(ref cursor, start + prefix, most);
        if (run.Digits < (most == MaxInternational ? MinInternational : most) || (prefix > 1 && (run.Groups < 2 || run.Digits < MinDialled)))
            return false;
        hit = new TextHit("phone-international", "PHONE", start, run.End - start, prefix > 1 ? DetectionScore.Medium : DetectionScore.High);
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
        var grouped = run is { Digits: >= 8 and <= 11, Groups: 2 or 3 } && !before.ContainsAny(s_other);
        if (!trunk && !mobile && !grouped && !(strong && run.Digits >= 7))
            return false;
        hit = new TextHit("phone-national", "PHONE", start, run.End - start, DetectionScore.Medium);
        return true;
    }
}
