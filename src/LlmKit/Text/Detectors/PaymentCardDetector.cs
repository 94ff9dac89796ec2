using System.Buffers;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Detectors;

/// <summary>Payment card numbers: issuer range, length of the issuer, Luhn checksum, groups as they are printed on cards.</summary>
internal sealed class PaymentCardDetector : ProbeDetector
{
    private const int IssuerDigits = 4;
    private const int MaxDigits = 19;
    private const int ContextLength = 40;

    private static readonly SearchValues<string> s_context = SearchValues.Create(
        ["card", "credit", "debit", "visa", "master", "maestro", "amex", "payment", "karte"], StringComparison.OrdinalIgnoreCase);

    public override string Name => "payment-card";

    protected override int Reach => 2 * MaxDigits + 4;

    protected override int NextStart(ReadOnlySpan<char> text, int from) => Chars.NextDigitGroup(text, from);

    protected override bool TryProbe(ref TextCursor cursor, int start, out TextHit hit)
    {
        hit = default;
        if (cursor[start - 1] == '.' && Chars.IsDigit(cursor[start - 2]))
            return false;

        Span<byte> digits = stackalloc byte[MaxDigits];
        var groups = new CardGroups();
        var lengths = (Least: 0, Most: MaxDigits);
        var (count, position) = (0, start);
        while (true)
        {
            var groupStart = count;
            for (; count < MaxDigits && Chars.IsDigit(cursor[position]); position++)
                digits[count++] = (byte)(cursor[position] - '0');
            if (count >= IssuerDigits && lengths.Least == 0)
                lengths = PaymentCardIssuers.Lengths(digits);
            if (count > lengths.Most || (count >= IssuerDigits && lengths.Least == 0))
                return hit.Length > 0;

            var fits = groups.Add(count - groupStart) && lengths.Least > 0;
            if (fits && count >= lengths.Least && IsRightBoundary(ref cursor, position) && PaymentCardIssuers.IsNumber(digits[..count], lengths))
                hit = new TextHit("payment-card", "CARD", start, position - start, Score(ref cursor, start, digits[..count], groups));

            var separator = cursor[position];
            if (separator is not (' ' or '-') || count >= lengths.Most || !groups.TryContinue(separator) || !Chars.IsDigit(cursor[position + 1]))
                return hit.Length > 0;
            position++;
        }
    }

    private static bool IsRightBoundary(ref TextCursor cursor, int end)
    {
        var next = cursor[end];
        return !Chars.IsWord(next) && !(next == '.' && Chars.IsDigit(cursor[end + 1]));
    }

    private static DetectionScore Score(ref TextCursor cursor, int start, scoped ReadOnlySpan<byte> digits, CardGroups groups)
    {
        var telling = groups.IsPrinted || !PaymentCardIssuers.IsLoose(digits);
        if (telling && !groups.IsMixed && !groups.IsSpelled)
            return DetectionScore.High;
        var context = cursor.Before(start, ContextLength).ContainsAny(s_context);
        return telling || context ? DetectionScore.Medium : DetectionScore.Low;
    }

    /// <summary>The groups of digits seen so far: one run, groups of three and more behind one of four to six, or single digits.</summary>
    private struct CardGroups
    {
        private char _separator;
        private int _count;
        private int _first;
        private int _last;

        public bool IsMixed { get; private set; }

        public readonly bool IsSpelled => _count > 1 && _first == 1;

        public readonly bool IsPrinted => _count > 1 && _first > 1;

        public bool Add(int digits)
        {
            _last = digits;
            if (_count++ == 0)
                _first = digits;
            return digits > 0 && (!IsSpelled || digits == 1);
        }

        public bool TryContinue(char separator)
        {
            if (_count == 1 ? _first is not (1 or (>= 4 and <= 6)) : IsSpelled ? _last != 1 : _last < 3)
                return false;
            IsMixed |= _separator != '\0' && _separator != separator;
            _separator = separator;
            return true;
        }
    }
}
