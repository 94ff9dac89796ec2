using System.Runtime.InteropServices;

namespace LlmKit.Observability.Traces;

/// <summary>Keeps the latest records in memory, within a number and a size, each text once.</summary>
/// <remarks>
/// Thread-safe: one lock, held for a look-up or a copy of references. The oldest traces make room as a whole; those with an error, and those that a rail
/// blocked or somebody found bad, only when they are more than a quarter of all.
/// </remarks>
public sealed class MemoryTraceStore : ITraceStore
{
    private const int PerRecord = 1_024;
    private const int PerStep = 200;
    private const int PinnedPart = 4;
    private const int MostForgotten = 10_000;
    private const double Half = 0.5;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, KeptRecord> _records = [];
    private readonly Dictionary<string, KeptTrace> _traces = [];
    private readonly KeptOrder _order = new();
    private readonly KeptOrder _pinned = new();
    private readonly KeptContents _contents = new();
    private readonly Dictionary<(string? Tenant, string User), DateTimeOffset> _forgotten = [];
    private readonly TimeProvider _time;
    private readonly int _maxRecords;
    private readonly long _maxBytes;
    private long _recordBytes;

    /// <summary>Creates an empty store.</summary>
    /// <param name="maxRecords">The most records; 1 or more.</param>
    /// <param name="maxBytes">The most bytes, as far as they can be reckoned; 65,536 or more.</param>
    /// <param name="time">The clock; the system's by default.</param>
    public MemoryTraceStore(int maxRecords = 10_000, long maxBytes = 64L << 20, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRecords, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 64 << 10);
        _time = time ?? TimeProvider.System;
        _maxRecords = maxRecords;
        _maxBytes = maxBytes;
    }

    /// <summary>Gets how many records are here.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _records.Count;
        }
    }

    /// <summary>Gets how many bytes they are reckoned to take.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return TotalBytes;
        }
    }

    private long TotalBytes => _recordBytes + _contents.Bytes;

    /// <inheritdoc/>
    public ValueTask AddAsync(IReadOnlyList<TraceRecord> records, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(records);
        foreach (var record in records)
        {
            lock (_lock)
                Add(record);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<TraceRecord?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        lock (_lock)
            return new(_records.TryGetValue(id, out var kept) ? kept.Record : null);
    }

    /// <inheritdoc/>
    public ValueTask<TracePage> ListAsync(TraceQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new(TraceFinder.List(Snapshot(), query, static trace => (TraceRecord)trace, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TraceGroup>> AggregateAsync(TraceQuery query, TraceGrouping grouping, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(grouping);
        return new(TraceFinder.Aggregate(Snapshot(), query, grouping, static trace => (TraceRecord)trace, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<bool> ScoreAsync(string id, TraceScore score, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(score);
        lock (_lock)
        {
            if (!_records.TryGetValue(id, out var kept))
                return new(false);
            kept.Record = kept.Record with { Scores = TraceScores.With(kept.Record.Scores, score) };
            var order = OrderOf(kept.Record);
            if (kept.Order != order)
            {
                kept.Order!.Remove(kept);
                order.Append(kept);
            }

            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> DeleteByUserAsync(string? tenant, string user, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        lock (_lock)
        {
            // Of calls that are still on their way, or wait for what they cost, the records come later.
            if (_forgotten.Count >= MostForgotten)
                _forgotten.Remove(_forgotten.MinBy(static known => known.Value).Key);
            _forgotten[(tenant, user)] = _time.GetUtcNow();
            var theirs = _records.Values.Where(kept => kept.Record.User is not null && IsTheirs(kept.Record)).ToList();
            // What nobody's name stands on, such as a tool's arguments, is theirs where the trace is theirs alone.
            theirs.AddRange(theirs.Select(static kept => kept.Trace).Distinct().Select(static trace => trace.ToList()).Where(all => all.TrueForAll(kept => IsTheirs(kept.Record)))
                .SelectMany(static all => all).Where(static kept => kept.Record.User is null).ToList());
            foreach (var kept in theirs)
                Remove(kept);
            return new(theirs.Count);

            bool IsTheirs(TraceRecord record) => record.User is null || (record.Tenant, record.User) == (tenant, user);
        }
    }

    /// <summary>Does nothing: what is in memory ends with the process.</summary>
    /// <param name="cancellationToken">Not used.</param>
    /// <returns>A task that has ended.</returns>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    private List<TraceSummary> Snapshot()
    {
        lock (_lock)
        {
            var all = new List<TraceSummary>(_records.Count);
            _order.CopyTo(all);
            _pinned.CopyTo(all);
            return all;
        }
    }

    private void Add(TraceRecord record)
    {
        if (_forgotten.Count > 0 && record.User is { } user && _forgotten.TryGetValue((record.Tenant, user), out var at) && record.StartedAt <= at)
            return;
        if (_records.TryGetValue(record.Id, out var known))
        {
            record = record with { Scores = known.Record.Scores };
            Remove(known);
        }

        _contents.Hold(record);
        ref var trace = ref CollectionsMarshal.GetValueRefOrAddDefault(_traces, record.TraceId, out _);
        var kept = new KeptRecord(record, trace ??= new());
        trace.Append(kept);
        OrderOf(record).Append(kept);
        _records.Add(record.Id, kept);
        _recordBytes += SizeOf(record);
        MakeRoom();
    }

    private void MakeRoom()
    {
        while (_records.Count > _maxRecords || (TotalBytes > _maxBytes && _records.Count > 1))
        {
            var fromPinned = _order.Count == 0 || _pinned.Count > Math.Max(1, _records.Count / PinnedPart);
            Evict((fromPinned ? _pinned : _order).First!, fromPinned);
        }
    }

    /// <summary>Drops a record with all of its trace, but for what is pinned of it while that has room.</summary>
    private void Evict(KeptRecord first, bool pinnedToo)
    {
        // A trace without an end, such as that of a worker, goes piece by piece: or the newest would go with the oldest.
        var isUnended = _order.Last?.Trace == first.Trace;
        for (var kept = isUnended ? first : first.Trace.First; kept is not null;)
        {
            var next = isUnended ? null : kept.AfterInTrace;
            if (kept.Order == _order || pinnedToo)
            {
                Remove(kept);
                TraceTelemetry.Dropped("evicted");
            }

            kept = next;
        }
    }

    private void Remove(KeptRecord kept)
    {
        var record = kept.Record;
        kept.Order!.Remove(kept);
        kept.Trace.Remove(kept);
        _records.Remove(record.Id);
        if (kept.Trace.First is null)
            _traces.Remove(record.TraceId);
        _recordBytes -= SizeOf(record);
        _contents.Release(record);
    }

    // What a call asked for itself goes with the call, however it ended.
    private KeptOrder OrderOf(TraceRecord record) => record.Purpose is null && (record.IsBad || record.LastScore < Half) ? _pinned : _order;

    private static long SizeOf(TraceRecord record) => PerRecord + (PerStep * (long)(record.Steps.Count + record.Attempts.Count)) + (16L * (record.Input.Count + record.Output.Count));
}
