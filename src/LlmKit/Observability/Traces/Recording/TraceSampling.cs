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
    private readonly PendingDeletions _deletions = new();
    private int _records;
    private long _bytes;

    /// <summary>Takes a record, and gives what may be kept now.</summary>
    public void Take(TraceRecord record, Activity? span, List<TraceRecord> kept, DateTimeOffset now)
    {
        if (_deletions.Has(record))
        {
            ForgetTrace(record);
            return;
        }

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

    /// <summary>Gives a record that waits for the end of its request; <see langword="null"/> when there is none of that id.</summary>
    public TraceRecord? Find(string id) => _held.Values.SelectMany(static held => held.Records).FirstOrDefault(record => record.Id == id);

    /// <summary>Adds what somebody said to a record that waits here: its trace is kept.</summary>
    /// <returns>Whether the record waits here.</returns>
    public bool TryScore(string id, TraceScore score)
    {
        foreach (var held in _held.Values)
        {
            if (held.Records.FindIndex(record => record.Id == id) is >= 0 and var at)
            {
                held.Records[at] = held.Records[at] with { Scores = TraceScores.With(held.Records[at].Scores, score) };
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets the records of a user that wait here, and those that name nobody in traces that are theirs alone, also such as come later.</summary>
    /// <param name="tenant">The user's tenant.</param>
    /// <param name="user">The user.</param>
    /// <param name="traces">The traces that are theirs alone as far as the store knows.</param>
    /// <param name="now">The time: what begins later is kept.</param>
    /// <returns>How many records were forgotten.</returns>
    public int Forget(string? tenant, string user, IEnumerable<string> traces, DateTimeOffset now)
    {
        _deletions.AddUser(tenant, user, now);
        var count = 0;
        var alone = traces.ToHashSet(StringComparer.Ordinal);
        foreach (var (id, held) in _held.ToList())
        {
            if (held.Records.Exists(record => record.User is not null && !IsTheirs(record)))
                alone.Remove(id);
            else if (held.Records.Exists(IsTheirs))
                alone.Add(id);
            count += Remove(id, held, record => IsTheirs(record) || (record.User is null && alone.Contains(id)));
        }

        foreach (var id in alone)
            _deletions.AddTrace(id, now);
        return count;

        bool IsTheirs(TraceRecord record) => (record.Tenant, record.User) == (tenant, user);
    }

    /// <summary>Decides all that is left.</summary>
    public void TakeAll(List<TraceRecord> kept)
    {
        foreach (var (id, held) in _held.ToList())
            Decide(id, held, kept);
    }

    /// <summary>A call that was still running when its user was forgotten says only now whose its trace is.</summary>
    private void ForgetTrace(TraceRecord record)
    {
        if (!_deletions.HasUser(record) || !_held.TryGetValue(record.TraceId, out var held) || held.Records.Exists(other => other.User is not null))
            return;
        Remove(record.TraceId, held, static _ => true);
    }

    private int Remove(string id, HeldTrace held, Predicate<TraceRecord> isGone)
    {
        var gone = held.Records.FindAll(isGone);
        held.Records.RemoveAll(isGone);
        _records -= gone.Count;
        _bytes -= gone.Sum(static record => record.ContentBytes);
        if (held.Records.Count == 0)
            _held.Remove(id);
        return gone.Count;
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
