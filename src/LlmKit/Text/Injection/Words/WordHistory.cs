using System.Numerics;

namespace LlmKit.Text.Injection.Words;

/// <summary>Which of the last 64 words belonged to which set: bit k of a set stands for the word k places back.</summary>
/// <remarks>A phrase is then a few shifts and ands, whatever the text repeats: this keeps the search linear.</remarks>
internal ref struct WordHistory(Span<ulong> bits, Span<int> words, Span<int> starts)
{
    /// <summary>How many words back the history reaches.</summary>
    public const int Length = 64;

    private readonly Span<ulong> _bits = bits;
    private readonly Span<int> _words = words;
    private readonly Span<int> _starts = starts;
    private int _now = Length;
    private int _break = Length;

    /// <summary>Counts a word that begins at an index of the text.</summary>
    public void Next(int start)
    {
        _now++;
        _starts[_now % Length] = start;
    }

    /// <summary>Ends a sentence: no phrase reaches back over it.</summary>
    public void Break() => _break = _now;

    /// <summary>Says that the last word counted belongs to a set.</summary>
    public void Mark(int set)
    {
        _bits[set] = Since(set) | 1;
        _words[set] = _now;
    }

    /// <summary>The words of the running sentence that belong to a set.</summary>
    public readonly ulong Of(int set) => Since(set) & Reachable;

    /// <summary>The index in the text at which the word so many places back begins.</summary>
    public readonly int StartOf(int back) => _starts[(_now - back) % Length];

    /// <summary>The words before those given, with at most so many others between.</summary>
    public static ulong Before(ulong words, int gap)
    {
        var before = words << 1;
        for (; gap > 0; gap--)
            before |= before << 1;
        return before;
    }

    /// <summary>Up to so many words behind those given.</summary>
    public static ulong After(ulong words, int count)
    {
        var after = 0UL;
        for (; count > 0; count--)
            after |= words >> count;
        return after;
    }

    /// <summary>The nearest of the words given.</summary>
    public static int Nearest(ulong words) => BitOperations.TrailingZeroCount(words);

    private readonly ulong Reachable => _now - _break >= Length ? ulong.MaxValue : (1UL << (_now - _break)) - 1;

    private readonly ulong Since(int set)
    {
        var age = _now - _words[set];
        return age < Length ? _bits[set] << age : 0;
    }
}
