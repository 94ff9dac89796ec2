namespace LlmKit.Internal.RateLimiting.Accounts;

/// <summary>A leaky bucket of whole units: what is taken fills it, and it drains evenly, a window's amount in each window.</summary>
/// <remarks>
/// Not thread-safe: its limiter locks it. In every interval at most what may be taken at once, and what drains in the interval, gets in.
/// Units drain in the order in which they came, and only what has not drained is given back, so that no unit of room is used twice.
/// The rule is the generic cell rate algorithm of ITU-T I.371; the token buckets of providers are the same, seen from the other side.
/// </remarks>
internal struct RateBucket
{
    private long _level;
    private long _removed;
    private long _rest;
    private long _last;

    /// <summary>Gets what is taken and has not drained, as of the last look.</summary>
    public readonly long Level => _level;

    /// <summary>Starts to drain at a moment.</summary>
    public static RateBucket StartedAt(long now) => new() { _last = now };

    /// <summary>Drains until now.</summary>
    /// <param name="now">In milliseconds; never earlier than before.</param>
    /// <param name="amount">What drains in a window.</param>
    /// <param name="window">The window, in milliseconds.</param>
    public void Drain(long now, long amount, long window)
    {
        var elapsed = now - _last;
        if (elapsed <= 0)
            return;
        _last = now;
        if (_level == 0)
            return;
        var (windows, part) = Math.DivRem(elapsed, window);
        var units = part * amount + _rest;
        if (amount > 0 && windows > _level / amount)
        {
            Remove(_level);
            return;
        }

        var (drained, rest) = Math.DivRem(units, window);
        drained += windows * amount;
        if (drained >= _level)
        {
            Remove(_level);
            return;
        }

        Remove(drained);
        _rest = rest;
    }

    /// <summary>Takes units, over any limit.</summary>
    /// <returns>The mark to give them back by.</returns>
    public long Take(long units)
    {
        _level += units;
        return _removed + _level;
    }

    /// <summary>Gives back units that were taken for nothing: those of them that have not drained yet.</summary>
    /// <param name="units">How many at the most.</param>
    /// <param name="mark">What <see cref="Take"/> gave.</param>
    /// <param name="taken">What was taken with the mark.</param>
    public void GiveBack(long units, long mark, long taken)
    {
        var left = Math.Clamp(mark - _removed, 0, taken);
        Remove(Math.Min(units, left));
    }

    /// <summary>Gives how many milliseconds it takes until so many more units fit; 0 when they fit now.</summary>
    public readonly long UntilFits(long units, long atOnce, long amount, long window)
    {
        var over = _level + units - atOnce;
        return over <= 0 ? 0 : (long)(((Int128)over * window - _rest + amount - 1) / amount);
    }

    private void Remove(long units)
    {
        _level -= units;
        _removed += units;
        if (_level == 0)
            _rest = 0;
    }
}
