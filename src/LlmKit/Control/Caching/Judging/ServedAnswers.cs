using LlmKit.Internal.Keys;

namespace LlmKit.Control.Caching;

/// <summary>Remembers which answer a call got or left, for what users say about it later. Thread-safe; the oldest are forgotten.</summary>
internal sealed class ServedAnswers
{
    public const int Remembered = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Served> _byCall = new(StringComparer.Ordinal);
    private readonly string?[] _order = new string?[Remembered];
    private int _next;

    public void Add(string callId, in Hash256 asked, CacheEntry entry)
    {
        lock (_lock)
        {
            var served = new Served(asked, entry.Exact, entry.Answer.Fingerprint);
            if (!_byCall.TryAdd(callId, served))
            {
                _byCall[callId] = served;
                return;
            }

            if (_order[_next] is { } oldest)
                _byCall.Remove(oldest);
            _order[_next] = callId;
            _next = (_next + 1) % Remembered;
        }
    }

    public Served? Find(string callId)
    {
        lock (_lock)
            return _byCall.TryGetValue(callId, out var served) ? served : null;
    }

    /// <summary>An answer that a call got or left. It may have been dropped since.</summary>
    /// <param name="Asked">The exact key of what it asked.</param>
    /// <param name="Entry">The exact key of the answer.</param>
    /// <param name="Answer">The fingerprint of the answer.</param>
    internal readonly record struct Served(Hash256 Asked, Hash256 Entry, long Answer);
}
