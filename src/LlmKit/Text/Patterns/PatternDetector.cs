using System.Buffers;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace LlmKit.Text.Patterns;

/// <summary>A regular expression of a user. For each start it sees 128 characters before and 32 beyond the longest match, and nothing else.</summary>
/// <remarks>
/// The backtracking engine runs it: the other one loses matches on this runtime. So that its work stays bounded, it is given stretches of
/// the text and not the whole, and a stretch that the expression does not match at all is passed over at once.
/// </remarks>
internal sealed class PatternDetector : ISpanDetector
{
    public const int MostMaxLength = 512;
    public const int LookAhead = 32;
    private const int Stretch = 1024;
    private const int CharactersPerLimit = 16384;

    private readonly Regex _anywhere;
    private readonly Regex _here;
    private readonly SearchValues<char>? _starts;
    private readonly int _maxLength;
    private readonly DetectionScore _score;
    private readonly TimeSpan _limit;
    private readonly bool _looksAround;

    public PatternDetector(string rule, string entity, string pattern, TextPatternOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(rule);
        ArgumentException.ThrowIfNullOrWhiteSpace(entity);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxLength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxLength, MostMaxLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TimeLimit, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.TimeLimit, TimeSpan.FromSeconds(10));

        (Name, Entity, _maxLength, _score, _limit) = (rule, entity, options.MaxLength, options.Score, options.TimeLimit);
        var flags = RegexOptions.CultureInvariant | RegexOptions.Multiline | (options.IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        PatternCheck.Verify(pattern, flags, options.MaxLength);
        _anywhere = new Regex(pattern, flags, options.TimeLimit);
        _here = new Regex($@"\G(?:{pattern})", flags, options.TimeLimit);
        _starts = StartsOf(options);
        // What looks around may be denied by text that the stretch shows and the place does not, so it is tried at every place.
        _looksAround = pattern.Contains("(?=", StringComparison.Ordinal) || pattern.Contains("(?!", StringComparison.Ordinal) || pattern.Contains("(?<", StringComparison.Ordinal);
    }

    public string Name { get; }

    /// <summary>Gets the kind of what it finds.</summary>
    public string Entity { get; }

    public void Scan(ReadOnlySpan<char> text, int from, ref TextHitCollector hits)
    {
        var begun = Stopwatch.GetTimestamp();
        var limit = _limit * (1 + (text.Length - from) / CharactersPerLimit);
        try
        {
            for (var start = NextStart(text, from); start < text.Length; start = NextStart(text, start + 1))
            {
                var length = LengthAt(text, start);
                if (length > 0)
                    hits.Add(new TextHit(Name, Entity, start, length, _score));
                if (Stopwatch.GetElapsedTime(begun) > limit)
                    throw TimeOut();
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // The engine's own exception may hold the text.
            throw TimeOut();
        }
    }

    public int EarliestOpen(ReadOnlySpan<char> text, int from)
    {
        from = Math.Max(from, text.Length - _maxLength - LookAhead);
        if (_starts is null || from >= text.Length)
            return Math.Min(from, text.Length);
        var offset = text[from..].IndexOfAny(_starts);
        return offset < 0 ? text.Length : from + offset;
    }

    private static SearchValues<char>? StartsOf(TextPatternOptions options)
    {
        if (options.StartCharacters is not { Length: > 0 } starts)
            return null;
        return SearchValues.Create(options.IgnoreCase ? starts + starts.ToUpperInvariant() + starts.ToLowerInvariant() : starts);
    }

    /// <summary>The next place at which a match may start; the length of the text if there is none.</summary>
    private int NextStart(ReadOnlySpan<char> text, int from)
    {
        while (from < text.Length)
        {
            if (_starts is not null)
            {
                var offset = text[from..].IndexOfAny(_starts);
                if (offset < 0)
                    return text.Length;
                from += offset;
            }

            if (_looksAround)
                return from;
            var next = FirstIn(text, from);
            if (next >= 0)
                return _starts is null || _starts.Contains(text[next]) ? next : NextStart(text, next + 1);
            from += Stretch;
        }

        return text.Length;
    }

    private int FirstIn(ReadOnlySpan<char> text, int from)
    {
        var origin = Math.Max(0, from - ISpanDetector.MaxLookBehind);
        var end = Math.Min(text.Length, from + Stretch + _maxLength + LookAhead);
        foreach (var match in _anywhere.EnumerateMatches(text[origin..end], from - origin))
            return origin + match.Index;
        return -1;
    }

    private int LengthAt(ReadOnlySpan<char> text, int start)
    {
        var origin = Math.Max(0, start - ISpanDetector.MaxLookBehind);
        var end = Math.Min(text.Length, start + _maxLength + LookAhead);
        foreach (var match in _here.EnumerateMatches(text[origin..end], start - origin))
            return match.Length <= _maxLength ? match.Length : 0;
        return 0;
    }

    private RegexMatchTimeoutException TimeOut() => new(
        $"The pattern '{Name}' took longer than its limit of {_limit.TotalMilliseconds:0} ms. Make it simpler, or raise TextPatternOptions.TimeLimit.");
}
