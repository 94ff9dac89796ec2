using System.Text;
using System.Text.RegularExpressions;

namespace LlmKit.Text.Patterns;

/// <summary>Makes texts on which an expression has much to try: for each of its repetitions what leads to it, the repeated part again and again, and an end that fits nothing.</summary>
/// <remarks>It reads expressions only roughly: a text that misses its aim costs a little time and proves nothing.</remarks>
internal sealed class PatternProbes
{
    private const string Preferred = "a0A -._@/";
    private const int ManyTimes = 8;
    private const char NeverMeant = '\u0001';

    private readonly string _pattern;
    private readonly char _preferred;
    private readonly bool _takesOptional;
    private readonly int _length;
    private readonly HashSet<string> _probes;
    private int _position;

    private PatternProbes(string pattern, char preferred, bool takesOptional, int length, HashSet<string> probes) =>
        (_pattern, _preferred, _takesOptional, _length, _probes) = (pattern, preferred, takesOptional, length, probes);

    /// <summary>The texts for an expression, each of a given length.</summary>
    public static IReadOnlyCollection<string> For(string pattern, int length)
    {
        var probes = new HashSet<string>(StringComparer.Ordinal);
        foreach (var preferred in Preferred)
        {
            new PatternProbes(pattern, preferred, takesOptional: false, length, probes).ReadAlternatives("");
            new PatternProbes(pattern, preferred, takesOptional: true, length, probes).ReadAlternatives("");
        }

        return probes;
    }

    /// <summary>Reads up to the end of the group and gives a text that its first alternative matches.</summary>
    private string ReadAlternatives(string lead)
    {
        var example = ReadSequence(lead);
        while (_position < _pattern.Length && _pattern[_position] == '|')
        {
            _position++;
            ReadSequence(lead);
        }

        return example;
    }

    private string ReadSequence(string lead)
    {
        var example = new StringBuilder();
        while (_position < _pattern.Length && _pattern[_position] is not ('|' or ')'))
        {
            var here = lead + example;
            var atom = ReadAtom(here);
            var (least, most) = ReadQuantifier();
            if (most > ManyTimes && atom.Length > 0)
                AddProbe(here, atom);
            var times = least > 0 ? Math.Min(least, _length) : _takesOptional && most > 0 ? 1 : 0;
            example.Insert(example.Length, atom, times);
        }

        return example.ToString();
    }

    private void AddProbe(string lead, string atom)
    {
        var probe = new StringBuilder(lead);
        while (probe.Length < _length)
            probe.Append(atom);
        probe.Length = Math.Max(1, Math.Min(probe.Length, _length));
        _probes.Add(probe.Append(NeverMeant).ToString());
    }

    private string ReadAtom(string lead)
    {
        var c = _pattern[_position++];
        switch (c)
        {
            case '(':
                var isText = SkipGroupHead();
                var example = ReadAlternatives(lead);
                _position = Math.Min(_pattern.Length, _position + 1);
                return isText ? example : "";
            case '[':
                var start = _position - 1;
                SkipClass();
                return MemberOf(_pattern[start.._position]);
            case '.':
                return _preferred.ToString();
            case '^' or '$':
                return "";
            case '\\' when _position < _pattern.Length:
                return ReadEscape(_pattern[_position++]);
            default:
                return c.ToString();
        }
    }

    private string ReadEscape(char c) => c switch
    {
        'b' or 'B' or 'A' or 'z' or 'Z' or 'G' => "",
        'd' or 'D' or 'w' or 'W' or 's' or 'S' => MemberOf("\\" + c),
        'p' or 'P' => MemberOf("\\" + c + ReadBraces()),
        't' => "\t",
        'n' => "\n",
        'r' => "\r",
        _ => c.ToString(),
    };

    private string ReadBraces()
    {
        var end = _pattern.IndexOf('}', _position);
        var start = _position;
        _position = end < 0 ? _pattern.Length : end + 1;
        return _pattern[start.._position];
    }

    /// <summary>Whether what the group matches is part of the match.</summary>
    private bool SkipGroupHead()
    {
        if (_position >= _pattern.Length || _pattern[_position] != '?')
            return true;
        var head = _pattern.AsSpan(_position);
        var looks = head.StartsWith("?=") || head.StartsWith("?!") || head.StartsWith("?<=") || head.StartsWith("?<!");
        var end = head.IndexOfAny(":=!>");
        _position += end < 0 ? head.Length : end + 1;
        return !looks;
    }

    private void SkipClass()
    {
        _position += _position < _pattern.Length && _pattern[_position] == '^' ? 1 : 0;
        _position += _position < _pattern.Length && _pattern[_position] == ']' ? 1 : 0;
        while (_position < _pattern.Length && _pattern[_position] != ']')
            _position += _pattern[_position] == '\\' ? 2 : 1;
        _position = Math.Min(_pattern.Length, _position + 1);
    }

    private string MemberOf(string characterClass)
    {
        var members = new Regex(characterClass, RegexOptions.CultureInvariant);
        if (members.IsMatch(_preferred.ToString()))
            return _preferred.ToString();
        for (var c = ' '; c < '\u0500'; c++)
        {
            if (members.IsMatch(c.ToString()))
                return c.ToString();
        }

        return "";
    }

    private (int Least, int Most) ReadQuantifier()
    {
        if (_position >= _pattern.Length)
            return (1, 1);
        var bounds = _pattern[_position] switch
        {
            '*' => (0, int.MaxValue),
            '+' => (1, int.MaxValue),
            '?' => (0, 1),
            '{' => ReadBounds(),
            _ => (-1, -1),
        };
        if (bounds.Item1 < 0)
            return (1, 1);
        _position++;
        _position += _position < _pattern.Length && _pattern[_position] is '?' ? 1 : 0;
        return bounds;
    }

    private (int Least, int Most) ReadBounds()
    {
        var match = new Regex(@"\G\{([0-9]{1,6})(,?)([0-9]{0,6})\}", RegexOptions.CultureInvariant).Match(_pattern, _position);
        if (!match.Success)
            return (-1, -1);
        _position += match.Length - 1;
        var least = int.Parse(match.Groups[1].ValueSpan, provider: null);
        var most = match.Groups[3].Length > 0 ? int.Parse(match.Groups[3].ValueSpan, provider: null) : match.Groups[2].Length > 0 ? int.MaxValue : least;
        return (least, most);
    }
}
