namespace LlmKit.Control.Caching;

/// <summary>The best of the items that were offered, best first, in a span of the caller's.</summary>
internal ref struct Neighbours<T>(Span<Neighbour<T>> target)
    where T : class
{
    private readonly Span<Neighbour<T>> _target = target;

    public int Count { get; private set; }

    /// <summary>Whether an item is kept already: one that was removed and added again during a scan is met twice.</summary>
    public readonly bool Contains(T item)
    {
        foreach (var neighbour in _target[..Count])
        {
            if (ReferenceEquals(neighbour.Item, item))
                return true;
        }

        return false;
    }

    /// <summary>Keeps a neighbour in its place, unless as many better ones are kept as there is room for.</summary>
    public void Offer(in Neighbour<T> neighbour)
    {
        if (Count == _target.Length && neighbour.Similarity <= _target[Count - 1].Similarity)
            return;
        var place = Math.Min(Count, _target.Length - 1);
        for (; place > 0 && _target[place - 1].Similarity < neighbour.Similarity; place--)
            _target[place] = _target[place - 1];
        _target[place] = neighbour;
        Count = Math.Min(Count + 1, _target.Length);
    }
}
