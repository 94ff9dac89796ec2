namespace LlmKit.Internal;

/// <summary>Counts events of two kinds over a window that slides in tenths. Not thread-safe; nothing is allocated by counting.</summary>
internal sealed class TwoCountWindow(TimeProvider time)
{
    private const int Parts = 10;
    private readonly (long Slot, int First, int Second)[] _parts = new (long, int, int)[Parts];
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _length;

    /// <summary>Counts an event that happened at a timestamp and gives the sums over the window. Another length than before starts anew.</summary>
    public (int First, int Second) Add(bool second, TimeSpan length, long timestamp)
    {
        var now = SlotOf(length, timestamp);
        ref var part = ref _parts[now % Parts];
        if (part.Slot < now)
            part = (now, 0, 0);
        if (second)
            part.Second++;
        else
            part.First++;
        return Sum(now);
    }

    /// <summary>Gives the sums over the window. Another length than before starts anew.</summary>
    public (int First, int Second) Read(TimeSpan length, long timestamp) => Sum(SlotOf(length, timestamp));

    /// <summary>Gives the sums over the window as it was last counted in; nothing before that.</summary>
    public (int First, int Second) Read() => _length == TimeSpan.Zero ? default : Sum(SlotOf(_length, time.GetTimestamp()));

    public void Clear() => Array.Clear(_parts);

    private long SlotOf(TimeSpan length, long timestamp)
    {
        if (length != _length)
            Clear();
        _length = length;
        return time.GetElapsedTime(_start, timestamp).Ticks / (length.Ticks / Parts);
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
