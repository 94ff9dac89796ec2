namespace LlmKit.Control.Caching;

/// <summary>Remembers when what was invalidated, so that an answer made before is not stored after. Not thread-safe: its store locks it.</summary>
/// <remarks>The last ones are remembered by name. Of an older answer nobody can tell any more, so it is not stored.</remarks>
internal sealed class Invalidations(int remembered)
{
    private readonly Dictionary<string, long> _tags = new(StringComparer.Ordinal);
    private readonly Queue<(string Tag, long Generation)> _order = [];
    private long _generation;
    private long _forgotten;
    private long _everything;

    /// <summary>Gets how many there have been.</summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>Notes that what depends on something is out of date.</summary>
    public void Add(string tag)
    {
        var generation = _generation + 1;
        _tags[tag] = generation;
        _order.Enqueue((tag, generation));
        while (_order.Count > remembered)
        {
            var (oldest, at) = _order.Dequeue();
            _forgotten = at;
            if (_tags[oldest] == at)
                _tags.Remove(oldest);
        }

        Volatile.Write(ref _generation, generation);
    }

    /// <summary>Notes that everything is out of date.</summary>
    public void AddAll()
    {
        _tags.Clear();
        _order.Clear();
        _everything = _generation + 1;
        Volatile.Write(ref _generation, _everything);
    }

    /// <summary>Whether an answer that was begun at a generation is out of date.</summary>
    public bool Concern(string[] tags, long begun)
    {
        if (begun >= _generation)
            return false;
        if (begun < _everything || (begun < _forgotten && tags.Length > 0))
            return true;
        foreach (var tag in tags)
        {
            if (_tags.TryGetValue(tag, out var at) && at > begun)
                return true;
        }

        return false;
    }
}
