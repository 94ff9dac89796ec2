using System.Buffers;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Detectors;

/// <summary>Social security numbers of the United States: 3-2-4 digits with one separator, or nine digits behind a telling word.</summary>
internal sealed class UsSocialSecurityDetector : ProbeDetector
{
    private const int Digits = 9;
    private const int ContextLength = 40;

    private static readonly SearchValues<string> s_context =
        SearchValues.Create(["ssn", "social security", "social-security", "ssid"], StringComparison.OrdinalIgnoreCase);

    public override string Name => "us-social-security-number";

    protected override int Reach => 16;

    protected override int NextStart(ReadOnlySpan<char> text, int from) => Chars.NextDigitGroup(text, from);

    protected override bool TryProbe(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        if (cursor[start - 1] is '-' or '.' && Chars.IsDigit(cursor[start - 2]))
            return false;

        Span<char> digits = stackalloc char[Digits];
        var (position, separator) = (start, '\0');
        for (var i = 0; i < Digits; i++)
        {
            if (i == 3 && cursor[position] is '-' or ' ' or '.')
                separator = cursor[position];
            if (separator != '\0' && i is 3 or 5 && cursor[position++] != separator)
                return false;
            digits[i] = cursor[position++];
            if (!Chars.IsDigit(digits[i]))
                return false;
        }

        if (!DigitGroups.IsRightBoundary(ref cursor, position) || !IsIssuable(digits))
            return false;
        var certain = separator != '\0' || cursor.Before(start, ContextLength).ContainsAny(s_context);
        hit = new TextHit(Name, "US_SSN", start, position - start, certain ? DetectionScore.Medium : DetectionScore.Low);
        return true;
    }

    // Numbers that were never given out, and those that were printed in advertisements.
    private static bool IsIssuable(ReadOnlySpan<char> digits)
    {
        if (digits.StartsWith("000") || digits.StartsWith("666") || digits[0] == '9')
            return false;
        if (digits[3..5] is "00" || digits[5..] is "0000" || !digits.ContainsAnyExcept(digits[0]))
            return false;
        return digits is not ("078051120" or "123456789");
    }
}
