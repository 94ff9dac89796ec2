namespace LlmKit.Text.Injection.Words;

/// <summary>Letters that stand alone, each one separator behind the other, until it is known whether they spell a word.</summary>
internal ref struct LoneLetters(Span<char> letters, Span<int> starts, Span<int> ends)
{
    /// <summary>The most letters that are kept together.</summary>
    public const int Capacity = 64;

    private const int Least = 4;
    private const int LeastAfterSpelled = 2;

    private readonly Span<char> _letters = letters;
    private readonly Span<int> _starts = starts;
    private readonly Span<int> _ends = ends;
    private char _separator;
    private bool _afterSpelled;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<char> Text => _letters[..Count];

    /// <summary>Whether there are enough in a row to be a word set apart; behind another such word two will do.</summary>
    public readonly bool SpellsWord => Count >= (_afterSpelled ? LeastAfterSpelled : Least);

    public readonly int StartOf(int index) => _starts[index];

    public readonly int EndOf(int index) => _ends[index];

    /// <summary>Whether a letter at an index of the text continues the row: one and the same separator each time.</summary>
    public readonly bool Continues(ReadOnlySpan<char> text, int start) =>
        Count is > 0 and < Capacity && start == _ends[Count - 1] + 1 && (Count == 1 || text[start - 1] == _separator);

    public void Add(ReadOnlySpan<char> text, char letter, int start, int end)
    {
        if (Count > 0)
            _separator = text[start - 1];
        (_letters[Count], _starts[Count], _ends[Count]) = (letter, start, end);
        Count++;
    }

    /// <summary>Forgets the letters.</summary>
    public void Clear()
    {
        _afterSpelled = SpellsWord;
        Count = 0;
    }

    /// <summary>Says that an ordinary word came.</summary>
    public void Interrupt() => _afterSpelled = false;
}
