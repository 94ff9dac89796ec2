using System.Numerics;

namespace LlmKit.Internal.Hedging;

/// <summary>How long recent answers took, as a histogram whose old part fades.</summary>
/// <remarks>Thread-safe; nothing is allocated by recording. Eight buckets to each doubling, so that a percentile is at most an eighth too late.</remarks>
internal sealed class RecentLatency
{
    /// <summary>Fewer answers than this say nothing about the slowest of them.</summary>
    public const int FewestAnswers = 20;

    private const int PerDoubling = 8;
    private const int Doublings = 21;
    private const long Least = TimeSpan.TicksPerMillisecond;
    private const long Most = (Least << Doublings) - 1;
    private const int MostAnswers = 1_000;
    private const int AnswersPerLook = 8;

    private readonly Lock _lock = new();
    private readonly int[] _buckets = new int[PerDoubling * Doublings];
    private int _total;
    private int _sinceLook;
    private volatile Found? _found;

    /// <summary>Records how long an answer took, or at least took when nobody waited for its end.</summary>
    public void Record(TimeSpan length)
    {
        lock (_lock)
        {
            _buckets[BucketOf(length)]++;
            _total++;
            _sinceLook++;
            if (_total >= MostAnswers)
                Fade();
        }
    }

    /// <summary>Gives the length that a part of the answers did not exceed; <see langword="null"/> while there were too few.</summary>
    public TimeSpan? Percentile(double part)
    {
        if (_found is { } found && found.Part == part && Volatile.Read(ref _sinceLook) < AnswersPerLook)
            return found.Length;
        lock (_lock)
            return _total < FewestAnswers ? null : Look(part);
    }

    /// <summary>Gives the bucket of a length: its doublings of the least one, and the eighth of the next doubling.</summary>
    private static int BucketOf(TimeSpan length)
    {
        var eighths = Math.Clamp(length.Ticks, Least, Most) * PerDoubling / Least;
        var doublings = BitOperations.Log2((ulong)(eighths / PerDoubling));
        return doublings * PerDoubling + (int)(eighths >> doublings) - PerDoubling;
    }

    private static TimeSpan EndOf(int bucket) => new((Least << (bucket / PerDoubling)) * (PerDoubling + bucket % PerDoubling + 1) / PerDoubling);

    private TimeSpan Look(double part)
    {
        var wanted = part * _total;
        var seen = 0;
        var bucket = -1;
        while (seen < wanted)
            seen += _buckets[++bucket];
        var length = EndOf(Math.Max(bucket, 0));
        if (_found is not { } found || found.Part != part || found.Length != length)
            _found = new(part, length);
        _sinceLook = 0;
        return length;
    }

    private void Fade()
    {
        _total = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            _buckets[i] /= 2;
            _total += _buckets[i];
        }
    }

    private sealed record Found(double Part, TimeSpan Length);
}
