using System.Diagnostics;
using System.Globalization;
using LlmKit.Calls;

namespace LlmKit.Observability.Traces;

/// <summary>Decides which traces are kept, when the request that they belong to has ended, and remembers what was decided for what comes late.</summary>
/// <remarks>Not thread-safe: the one writer uses it. The share is by the trace's id, so that services that share traces agree.</remarks>
internal sealed class TraceSampling(TraceStoreOptions options)
{
    private const int MostRemembered = 10_000;

    private readonly Dictionary<string, HeldTrace> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _decided = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private int _records;
    private long _bytes;

    /// <summary>Takes a record, and gives what may be kept now.</summary>
    public void Take(TraceRecord record, Activity? span, List<TraceRecord> kept, DateTimeOffset now)
    {
        if (options.KeepShare >= 1)
        {
            kept.Add(record);
            return;
        }

        if (_decided.TryGetValue(record.TraceId, out var isKept))
        {
            // A late error is worth its record even where the rest is gone.
            if (isKept || MustKeep(record))
                kept.Add(record);
            else
                TraceTelemetry.Dropped("sampled_out");
            return;
        }

        if (!_held.TryGetValue(record.TraceId, out var held))
            _held[record.TraceId] = held = new(now);
        held.Root ??= RootOf(span);
        held.Records.Add(record);
        _records++;
        _bytes += record.ContentBytes;
        if (!held.IsOpen)
            Decide(record.TraceId, held, kept);
        while (_records > options.MaxQueued || _bytes > options.MaxQueuedBytes)
            DecideOldest(kept);
    }

    /// <summary>Gives the traces whose request has ended meanwhile, or seems never to end.</summary>
    public void TakeEnded(List<TraceRecord> kept, DateTimeOffset now)
    {
        if (_held.Count == 0)
            return;
        foreach (var (id, held) in _held.Where(held => !held.Value.IsOpen || now - held.Value.Since >= options.RootTimeout).ToList())
            Decide(id, held, kept);
    }

    /// <summary>Decides all that is left.</summary>
    public void TakeAll(List<TraceRecord> kept)
    {
        foreach (var (id, held) in _held.ToList())
            Decide(id, held, kept);
    }

    /// <summary>What waits is bounded as what comes is.</summary>
    private void DecideOldest(List<TraceRecord> kept)
    {
        var (id, held) = _held.MinBy(static held => held.Value.Since);
        Decide(id, held, kept);
    }

    private void Decide(string id, HeldTrace held, List<TraceRecord> kept)
    {
        _held.Remove(id);
        _records -= held.Records.Count;
        _bytes -= held.Records.Sum(static record => record.ContentBytes);
        var isKept = held.Records.Exists(MustKeep) || PartOf(id) < options.KeepShare;
        if (isKept)
            kept.AddRange(held.Records);
        else
            TraceTelemetry.Dropped("sampled_out", held.Records.Count);
        _decided[id] = isKept;
        _order.Enqueue(id);
        if (_order.Count > MostRemembered)
            _decided.Remove(_order.Dequeue());
    }

    /// <summary>Whether a record is worth its trace. What a call asked for itself decides nothing: it is kept when the trace is.</summary>
    private bool MustKeep(TraceRecord record) => record.Purpose is null
        && (record.IsBad
            || record.Scores.Count > 0
            || (options.KeepSlowerThan is { } slow && record.Duration >= slow)
            || (options.KeepDearerThan is { } dear && record.Cost >= dear));

    /// <summary>Gives where the id stands between 0 and 1, by its last 56 bits, as the ratio of W3C trace context level 2 does.</summary>
    private static double PartOf(string traceId)
    {
        const int digits = 14;
        if (traceId.Length >= digits && ulong.TryParse(traceId.AsSpan(traceId.Length - digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var random))
            return random / (double)(1UL << 56);
        return Convert.ToUInt32(TraceMessage.HashOf(System.Text.Encoding.UTF8.GetBytes(traceId))[..8], 16) / (double)(1UL << 32);
    }

    /// <summary>Gives the outermost span around one that this process knows of.</summary>
    public static Activity? RootOf(Activity? span)
    {
        while (span?.Parent is { } parent)
            span = parent;
        return span;
    }

    private sealed class HeldTrace(DateTimeOffset since)
    {
        public DateTimeOffset Since { get; } = since;

        public Activity? Root { get; set; }

        public List<TraceRecord> Records { get; } = [];

        /// <summary>Gets whether more is to come: its request has not ended, or nothing is here but what a call asked for itself.</summary>
        public bool IsOpen => Root is { IsStopped: false } || Records.TrueForAll(static record => record.Purpose is not null);
    }
}
