using LlmKit.Models;

namespace LlmKit.Control.Caching;

/// <summary>Counts what the cache does. Thread-safe.</summary>
internal sealed class CacheCounters
{
    private readonly long[] _hits = new long[4];
    private readonly Lock _lock = new();
    private Money _saved;
    private Money _possible;
    private long _observed;
    private long _joined;
    private long _misses;
    private long _bypasses;

    public long Observed => Interlocked.Read(ref _observed);

    public long Joined => Interlocked.Read(ref _joined);

    public long Misses => Interlocked.Read(ref _misses);

    public long Bypasses => Interlocked.Read(ref _bypasses);

    public decimal SavedUsd
    {
        get
        {
            lock (_lock)
                return _saved.ToUsd();
        }
    }

    public decimal PossibleUsd
    {
        get
        {
            lock (_lock)
                return _possible.ToUsd();
        }
    }

    public long HitsOf(CacheTier tier) => Interlocked.Read(ref _hits[(int)tier]);

    public void Hit(CacheTier tier, Money saved)
    {
        Interlocked.Increment(ref _hits[(int)tier]);
        lock (_lock)
            _saved += saved;
    }

    public void Observe(Money possible)
    {
        Interlocked.Increment(ref _observed);
        lock (_lock)
            _possible += possible;
    }

    public void Join() => Interlocked.Increment(ref _joined);

    public void Miss() => Interlocked.Increment(ref _misses);

    public void Bypass() => Interlocked.Increment(ref _bypasses);
}
