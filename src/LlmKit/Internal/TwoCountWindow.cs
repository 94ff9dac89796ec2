namespace LlmKit.Internal;

/// <summary>Counts events of two kinds over a window that slides in tenths. Not thread-safe; nothing is allocated by counting.</summary>
/// <remarks>Within one tenth counting is an addition: where the tenth ends and what all count together is found once for each.</remarks>
internal sealed class TwoCountWindow(TimeProvider time)
{
    private const int Parts = 10;
    private readonly (long Slot, int First, int Second)[] _parts = new (long, int, int)[Parts];
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _length;
    private int _part;
    private long _from;
    private long _until;
    private (int First, int Second) _sum;

    /// <summary>Counts an event that happened at a timestamp and gives the sums over the window. Another length than before starts anew.</summary>
    public (int First, int Second) Add(bool second, TimeSpan length, long timestamp)
    {
        TurnTo(length, timestamp);
        ref var part = ref _parts[_part];
        if (second)
        {
            part.Second++;
            _sum.Second++;
        }
        else
        {
            part.First++;
            _sum.First++;
        }

        return _sum;
    }

    /// <summary>Gives the sums over the window. Another length than before starts anew.</summary>
    public (int First, int Second) Read(TimeSpan length, long timestamp)
    {
        TurnTo(length, timestamp);
        return _sum;
    }

    /// <summary>Gives the sums over the window as it was last counted in; nothing before that.</summary>
    public (int First, int Second) Read() => _length == TimeSpan.Zero ? default : Read(_length, time.GetTimestamp());

    public void Clear()
    {
        Array.Clear(_parts);
        _from = _until = 0;
    }

    /// <summary>Finds the tenth of a timestamp, unless it is the one that was found last.</summary>
    private void TurnTo(TimeSpan length, long timestamp)
    {
        if (timestamp < _from || timestamp >= _until || length != _length)
            Find(length, timestamp);
    }

    private void Find(TimeSpan length, long timestamp)
    {
        if (length != _length)
            Clear();
        _length = length;
        var elapsed = time.GetElapsedTime(_start, timestamp).Ticks;
        var ticks = length.Ticks / Parts;
        var slot = elapsed / ticks;
        _part = (int)(slot % Parts);
        ref var part = ref _parts[_part];
        if (part.Slot < slot)
            part = (slot, 0, 0);
        _sum = Sum(slot);
        // A tick less than what is left of it: timestamps may be coarser or finer than ticks, and one too early is only found again.
        _from = timestamp;
        _until = timestamp + (long)((((slot + 1) * ticks) - elapsed - 1) * (time.TimestampFrequency / (double)TimeSpan.TicksPerSecond));
    }

    private (int First, int Second) Sum(long now)
    {
        var (first, second) = (0, 0);
        foreach (var part in _parts)
        {
            if (part.Slot <= now - Parts)
                continue;
            first += part.First;
            second += part.Second;
        }

        return (first, second);
    }
}
