namespace LlmKit.Control.Caching;

/// <summary>The slots whose int8 rows are most like the query, best first: what is looked at again with the exact vectors.</summary>
/// <remarks>Twice as many as are tried at most: the error of int8 moves an item by a few places, not by eight.</remarks>
internal ref struct RowCandidates(Span<float> scores, Span<int> slots)
{
    public const int Most = 16;

    private readonly Span<float> _scores = scores[..Most];
    private readonly Span<int> _slots = slots[..Most];
    private int _count;

    public readonly ReadOnlySpan<int> Slots => _slots[.._count];

    /// <summary>Gets what a score must exceed to be kept.</summary>
    public readonly float Bar => _count < Most ? float.NegativeInfinity : _scores[Most - 1];

    /// <summary>Keeps a slot whose score exceeds the <see cref="Bar"/>, in place of the worst.</summary>
    public void Keep(int slot, float score)
    {
        var place = Math.Min(_count, Most - 1);
        for (; place > 0 && _scores[place - 1] < score; place--)
        {
            _scores[place] = _scores[place - 1];
            _slots[place] = _slots[place - 1];
        }

        _scores[place] = score;
        _slots[place] = slot;
        _count = Math.Min(_count + 1, Most);
    }
}
