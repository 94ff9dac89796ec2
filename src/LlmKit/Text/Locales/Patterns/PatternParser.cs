using System.Globalization;
using System.Numerics;

namespace LlmKit.Text.Locales.Patterns;

/// <summary>Reads the pattern of an <see cref="IdentifierRule"/>.</summary>
internal sealed class PatternParser
{
    private const string Digits = "0123456789";
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Separators = " -";

    private readonly string _pattern;
    private readonly bool _isCaseSensitive;
    private readonly List<ulong> _follow = [];
    private readonly ulong[] _accepting = new ulong[128];
    private int _position;

    private PatternParser(string pattern, bool isCaseSensitive) => (_pattern, _isCaseSensitive) = (pattern, isCaseSensitive);

    private bool IsAtEnd => _position == _pattern.Length;

    /// <exception cref="ArgumentException">The pattern is malformed, too long, or matches nothing at all.</exception>
    public static IdentifierPattern Parse(string pattern, bool isCaseSensitive)
    {
        var parser = new PatternParser(pattern, isCaseSensitive);
        var whole = parser.ParseAlternatives();
        if (!parser.IsAtEnd)
            throw parser.Bad("a bracket is closed that was never opened");
        if (whole.IsOptional)
            throw parser.Bad("it matches the empty text");
        return new IdentifierPattern(whole.First, whole.Last, [.. parser._follow], parser._accepting);
    }

    private PatternFragment ParseAlternatives()
    {
        var alternatives = ParseSequence();
        while (TrySkip('|'))
            alternatives |= ParseSequence();
        return alternatives;
    }

    private PatternFragment ParseSequence()
    {
        var sequence = PatternFragment.Empty;
        while (!IsAtEnd && _pattern[_position] is not ('|' or ')'))
            sequence = Join(sequence, ParseRepeated());
        return sequence;
    }

    private PatternFragment ParseRepeated()
    {
        var start = _position;
        var element = ParseElement();
        var (least, most) = ParseCount();
        var end = _position;
        var repeated = least == 0 ? element with { IsOptional = true } : element;
        for (var i = 1; i < most; i++)
        {
            _position = start;
            var copy = ParseElement();
            repeated = Join(repeated, i < least ? copy : copy with { IsOptional = true });
        }

        _position = end;
        return repeated;
    }

    private PatternFragment ParseElement()
    {
        var c = _pattern[_position++];
        switch (c)
        {
            case '#': return Add(Digits);
            case '@': return Add(Letters);
            case '*': return Add(Digits + Letters);
            case '~': return Add(Separators) with { IsOptional = true };
            case '[': return Add(ParseClass());
            case '(':
                var group = ParseAlternatives();
                return TrySkip(')') ? group : throw Bad("a bracket is not closed");
            case '\\' when !IsAtEnd: return Add(_pattern[_position++].ToString());
            case '\\' or ']' or '{' or '}' or '?': throw Bad($"'{c}' stands where it means nothing");
            default: return Add(c.ToString());
        }
    }

    private string ParseClass()
    {
        var members = string.Empty;
        while (!IsAtEnd && _pattern[_position] != ']')
        {
            var from = _pattern[_position++];
            var isRange = _position + 1 < _pattern.Length && _pattern[_position] == '-' && _pattern[_position + 1] != ']';
            var to = isRange ? _pattern[_position + 1] : from;
            _position += isRange ? 2 : 0;
            if (to < from)
                throw Bad($"'{from}-{to}' runs backwards");
            for (var c = from; c <= to; c++)
                members += c;
        }

        return TrySkip(']') && members.Length > 0 ? members : throw Bad("a class is empty or not closed");
    }

    private (int Least, int Most) ParseCount()
    {
        if (TrySkip('?'))
            return (0, 1);
        if (!TrySkip('{'))
            return (1, 1);
        var close = _pattern.IndexOf('}', _position);
        var counts = close < 0 ? [] : _pattern[_position..close].Split(',');
        if (counts.Length is not (1 or 2) || !TryCount(counts[0], out var least) || !TryCount(counts[^1], out var most) || most < Math.Max(least, 1))
            throw Bad("a count is not of the form {3} or {2,5}");
        _position = close + 1;
        return (least, most);
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= IdentifierPattern.MostPositions;

    private PatternFragment Add(string members)
    {
        if (_follow.Count == IdentifierPattern.MostPositions)
            throw Bad($"it has more than {IdentifierPattern.MostPositions} characters when it is written out; make two rules of it");
        var bit = 1ul << _follow.Count;
        _follow.Add(0);
        foreach (var c in members)
        {
            if (c >= 128)
                throw Bad("it has a character that is not ASCII");
            _accepting[c] |= bit;
            if (!_isCaseSensitive && char.IsAsciiLetter(c))
                _accepting[c ^ 0x20] |= bit;
        }

        return new PatternFragment(bit, bit, IsOptional: false);
    }

    private PatternFragment Join(PatternFragment a, PatternFragment b)
    {
        for (var last = a.Last; last != 0; last &= last - 1)
            _follow[BitOperations.TrailingZeroCount(last)] |= b.First;
        return new PatternFragment(
            a.First | (a.IsOptional ? b.First : 0), b.Last | (b.IsOptional ? a.Last : 0), a.IsOptional && b.IsOptional);
    }

    private bool TrySkip(char c)
    {
        if (IsAtEnd || _pattern[_position] != c)
            return false;
        _position++;
        return true;
    }

    private ArgumentException Bad(string problem) =>
        new($"The pattern '{_pattern}' is malformed before character {_position}: {problem}. See IdentifierRule for what a pattern may say.");
}
