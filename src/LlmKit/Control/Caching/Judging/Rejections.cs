using LlmKit.Internal.Keys;

namespace LlmKit.Control.Caching;

/// <summary>Remembers which answers were said to be wrong for which question. Thread-safe; the oldest are forgotten.</summary>
/// <remarks>A question and the text of an answer: made again in the same words, it is as wrong.</remarks>
internal sealed class Rejections
{
    private const int Remembered = 10_000;

    private readonly Lock _lock = new();
    private readonly HashSet<(Hash256 Asked, long Answer)> _rejected = [];
    private readonly Queue<(Hash256 Asked, long Answer)> _order = [];
    private volatile bool _hasAny;

    public void Add(in Hash256 asked, long answer)
    {
        lock (_lock)
        {
            if (!_rejected.Add((asked, answer)))
                return;
            _hasAny = true;
            _order.Enqueue((asked, answer));
            if (_order.Count > Remembered)
                _rejected.Remove(_order.Dequeue());
        }
    }

    public bool Contain(in Hash256 asked, CachedAnswer answer)
    {
        if (!_hasAny)
            return false;
        lock (_lock)
            return _rejected.Contains((asked, answer.Fingerprint));
    }
}
