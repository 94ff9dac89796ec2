namespace LlmKit.Execution.Resilience;

/// <summary>Counts attempts and failures over a window that slides in tenths. Not thread-safe; nothing is allocated by counting.</summary>
internal sealed class FailureWindow(TimeProvider time)
{
    private const int Parts = 10;
    private readonly (long Slot, int Total, int Failed)[] _parts = new (long, int, int)[Parts];
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _length;

    /// <summary>Counts an attempt and gives the sums over the window. Another length than before starts anew.</summary>
    public (int Total, int Failed) Add(bool failed, TimeSpan length)
    {
        if (length != _length)
            Clear();
        _length = length;
        var now = time.GetElapsedTime(_start).Ticks / (length.Ticks / Parts);
        ref var part = ref _parts[now % Parts];
        if (part.Slot != now)
            part = (now, 0, 0);
        part.Total++;
        part.Failed += failed ? 1 : 0;
        return Sum(now);
    }

    public void Clear() => Array.Clear(_parts);

    private (int Total, int Failed) Sum(long now)
    {
        var (total, failures) = (0, 0);
        foreach (var (slot, count, failed) in _parts)
        {
            if (slot <= now - Parts)
                continue;
            total += count;
            failures += failed;
        }

        return (total, failures);
    }
}
