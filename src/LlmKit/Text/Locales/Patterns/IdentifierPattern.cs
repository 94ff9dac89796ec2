using System.Numerics;
using LlmKit.Text.Detectors;
using LlmKit.Text.Scanning;

namespace LlmKit.Text.Locales.Patterns;

/// <summary>A pattern as an automaton without loops, one bit a position: a match costs as many steps as it has characters.</summary>
/// <remarks>After V. M. Glushkov (1961): a state for each character of the pattern, and for each the states that may follow it.</remarks>
internal sealed class IdentifierPattern
{
    public const int MostPositions = 64;

    private readonly ulong _first;
    private readonly ulong _last;
    private readonly ulong[] _follow;
    private readonly ulong[] _accepting;

    /// <param name="first">The positions at which a match may begin.</param>
    /// <param name="last">The positions at which a match may end.</param>
    /// <param name="follow">For each position those that may come next.</param>
    /// <param name="accepting">For each ASCII character the positions that take it.</param>
    public IdentifierPattern(ulong first, ulong last, ulong[] follow, ulong[] accepting)
    {
        (_first, _last, _follow, _accepting) = (first, last, follow, accepting);
        for (var positions = first; positions != 0; positions = Next(positions))
            Longest++;
        (DigitOffsets, HasDigit) = FindDigits();
    }

    /// <summary>The length of the longest match, in characters.</summary>
    public int Longest { get; }

    /// <summary>Whether every match has a digit.</summary>
    public bool HasDigit { get; }

    /// <summary>Bit n: the first digit of a match may stand n characters behind its start.</summary>
    public ulong DigitOffsets { get; }

    public bool CanStartWith(char c) => c < 128 && (_accepting[c] & _first) != 0;

    /// <summary>The end of the longest match that a check admits, or -1.</summary>
    public int Match(ref TextCursor cursor, int start, Func<ReadOnlySpan<char>, bool>? check)
    {
        Span<char> value = stackalloc char[MostPositions];
        var (end, count, position) = (-1, 0, start);
        for (var expected = _first; expected != 0;)
        {
            var c = cursor[position];
            if (c >= 128)
                break;
            var reached = expected & _accepting[c];
            if (reached == 0)
                break;
            position++;
            if (char.IsAsciiLetterOrDigit(c))
                value[count++] = char.ToUpperInvariant(c);
            if ((reached & _last) != 0 && DigitGroups.IsRightBoundary(ref cursor, position) && check?.Invoke(value[..count]) != false)
                end = position;
            expected = Next(reached);
        }

        return end;
    }

    private ulong Next(ulong positions)
    {
        var next = 0ul;
        for (; positions != 0; positions &= positions - 1)
            next |= _follow[BitOperations.TrailingZeroCount(positions)];
        return next;
    }

    private (ulong Offsets, bool IsCertain) FindDigits()
    {
        var (digits, others) = (0ul, 0ul);
        for (var c = 0; c < _accepting.Length; c++)
        {
            if (char.IsAsciiDigit((char)c))
                digits |= _accepting[c];
            else
                others |= _accepting[c];
        }

        var (offsets, isCertain) = (0ul, true);
        var positions = _first;
        for (var offset = 0; positions != 0; offset++)
        {
            if ((positions & digits) != 0)
                offsets |= 1ul << offset;
            positions &= others;
            isCertain &= (positions & _last) == 0;
            positions = Next(positions);
        }

        return (offsets, isCertain);
    }
}
