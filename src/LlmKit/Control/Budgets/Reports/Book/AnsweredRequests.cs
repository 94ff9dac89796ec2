namespace LlmKit.Control.Budgets.Reports.Book;

/// <summary>Which requests were answered not long ago. Not thread-safe: its book locks it.</summary>
/// <remarks>Two halves take turns: when the one is full, the other is emptied and filled. So nothing is searched and nothing is sorted.</remarks>
internal sealed class AnsweredRequests(int most, TimeSpan window)
{
    private readonly int _half = Math.Max(1, most / 2);
    private Dictionary<UInt128, long> _filling = [];
    private Dictionary<UInt128, long> _full = [];

    /// <summary>Gets how many were forgotten before their time.</summary>
    public long Forgotten { get; private set; }

    public int Count => _filling.Count + _full.Count;

    public bool WasAnswered(UInt128 request, DateTimeOffset now)
    {
        return (_filling.TryGetValue(request, out var at) || _full.TryGetValue(request, out at)) && now.UtcTicks - at <= window.Ticks;
    }

    /// <summary>Notes an answer.</summary>
    /// <returns>How many requests had to be forgotten for it.</returns>
    public long Note(UInt128 request, DateTimeOffset now)
    {
        long forgotten = 0;
        if (_filling.Count >= _half && !_filling.ContainsKey(request))
        {
            forgotten = _full.LongCount(one => now.UtcTicks - one.Value <= window.Ticks && !_filling.ContainsKey(one.Key));
            (_filling, _full) = (_full, _filling);
            _filling.Clear();
        }

        _filling[request] = now.UtcTicks;
        Forgotten += forgotten;
        return forgotten;
    }
}
