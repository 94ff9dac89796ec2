using LlmKit.Text.Scanning;

namespace LlmKit.Text.Detectors;

/// <summary>International bank account numbers: country, its structure, remainder 1 modulo 97, plain or in groups of four.</summary>
internal sealed class IbanDetector : ProbeDetector
{
    private const int Group = 4;
    private const int MaxLength = 34;

    public override string Name => "iban";

    protected override int Reach => MaxLength + MaxLength / Group + 3;

    protected override int NextStart(ReadOnlySpan<char> text, int from)
    {
        // The check digits are the rarest part of an IBAN in prose; two letters stand before them.
        while (from < text.Length)
        {
            if (char.IsAsciiLetter(text[from]) && (from + 1 == text.Length || char.IsAsciiLetter(text[from + 1]))
                && (from + 2 >= text.Length || char.IsAsciiDigit(text[from + 2])))
                return from;
            from++;
        }

        return text.Length;
    }

    public override void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        var cursor = new TextCursor(text);
        for (from += 2; from < text.Length;)
        {
            var offset = text[from..].IndexOfAnyInRange('0', '9');
            if (offset < 0)
                return;
            var digit = from + offset;
            if (TryProbe(ref cursor, digit - 2, out var hit))
                hits.Add(hit);
            var run = text[digit..].IndexOfAnyExceptInRange('0', '9');
            from = run < 0 ? text.Length : digit + run;
        }
    }

    protected override bool TryProbe(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        if (!Chars.IsLeftBoundary(ref cursor, start) || !char.IsAsciiLetter(cursor[start]) || !char.IsAsciiLetter(cursor[start + 1]))
            return false;
        var structure = IbanRegistry.Find(cursor[start], cursor[start + 1]);
        if (structure is null)
            return false;

        Span<char> number = stackalloc char[structure.Length];
        var (position, lower, upper) = (start, false, false);
        for (var i = 0; i < structure.Length; i++)
        {
            if (i > 0 && i % Group == 0 && cursor[position] is ' ' or '-' or '\u00A0')
                position++;
            var c = cursor[position++];
            lower |= char.IsAsciiLetterLower(c);
            upper |= char.IsAsciiLetterUpper(c);
            number[i] = char.ToUpperInvariant(c);
            if (!IsOf(structure[i], number[i]))
                return false;
        }

        if (Chars.IsWord(cursor[position]) || (lower && upper) || Remainder(number) != 1)
            return false;
        hit = new TextHit("iban", "IBAN", start, position - start, lower ? DetectionScore.Medium : DetectionScore.High);
        return true;
    }

    private static bool IsOf(char kind, char c) => kind switch
    {
        'n' => char.IsAsciiDigit(c),
        'a' => char.IsAsciiLetterUpper(c),
        _ => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c),
    };

    // ISO 7064 MOD 97-10 over the number with its first four characters moved to the end; letters count 10 to 35.
    private static int Remainder(ReadOnlySpan<char> number)
    {
        var remainder = 0;
        for (var i = 0; i < number.Length; i++)
        {
            var c = number[(i + Group) % number.Length];
            remainder = char.IsAsciiDigit(c) ? (remainder * 10 + c - '0') % 97 : (remainder * 100 + c - 'A' + 10) % 97;
        }

        return remainder;
    }
}
