namespace LlmKit.Orchestration.Routing.Learning.Features;

/// <summary>Hashes the words of a text, and each pair of neighbours, into buckets.</summary>
/// <remarks>
/// The hashing trick of Weinberger et al. (2009), with FNV-1a, so that a fitted model means the same on every machine. A number stands for how
/// many digits it has: its value says little about how hard a question is.
/// </remarks>
internal ref struct WordHasher(ReadOnlySpan<char> text)
{
    private const uint Offset = 2_166_136_261;
    private const uint Prime = 16_777_619;
    private const int MostDigits = 4;

    private readonly ReadOnlySpan<char> _text = text;
    private int _next;

    /// <summary>Hashes a name, such as that of a call site, apart from all words.</summary>
    public static uint HashName(ReadOnlySpan<char> name)
    {
        var hash = Mix(Offset, '\u0001');
        foreach (var c in name)
            hash = Mix(hash, c);
        return hash;
    }

    /// <summary>Hashes a pair of neighbours.</summary>
    public static uint Pair(uint first, uint second) => unchecked((first * 31) ^ second) * Prime;

    /// <summary>Spreads a hash over a power of two of buckets.</summary>
    public static int Bucket(uint hash, int buckets)
    {
        // The finaliser of MurmurHash3: the low bits of FNV-1a follow the last character.
        hash ^= hash >> 16;
        hash = unchecked(hash * 0x85EBCA6B);
        hash ^= hash >> 13;
        return (int)(hash & (uint)(buckets - 1));
    }

    /// <summary>Reads the next word, number, mark or line break.</summary>
    public bool TryNext(out uint hash)
    {
        hash = Offset;
        while (_next < _text.Length && char.IsWhiteSpace(_text[_next]) && _text[_next] != '\n')
            _next++;
        if (_next == _text.Length)
            return false;

        var start = _next;
        if (char.IsLetter(_text[start]))
        {
            for (; _next < _text.Length && (char.IsLetter(_text[_next]) || _text[_next] == '\''); _next++)
                hash = Mix(hash, char.ToLowerInvariant(_text[_next]));
        }
        else if (char.IsAsciiDigit(_text[start]))
        {
            while (_next < _text.Length && char.IsAsciiDigit(_text[_next]))
                _next++;
            hash = Mix(Mix(hash, '#'), (char)Math.Min(MostDigits, _next - start));
        }
        else
        {
            hash = Mix(hash, _text[_next++]);
        }

        return true;
    }

    private static uint Mix(uint hash, char c) => unchecked((hash ^ c) * Prime);
}
