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
    private readonly Dictionary<string, LinkedListNode<TraceRecord>> _records = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _traces = new(StringComparer.Ordinal);
    private readonly LinkedList<TraceRecord> _order = new();
    private readonly LinkedList<TraceRecord> _pinned = new();
    private readonly Dictionary<string, (TraceMessage Content, int Uses)> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<(string? Tenant, string User), DateTimeOffset> _forgotten = [];
    private readonly TimeProvider _time;
    private readonly int _maxRecords;
    private readonly long _maxBytes;
    private long _bytes;

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
                return _bytes;
        }
    }

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
            return new(_records.TryGetValue(id, out var node) ? node.Value : null);
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
            if (!_records.TryGetValue(id, out var node))
                return new(false);
            var wasPinned = IsPinned(node.Value);
            var scored = node.Value with { Scores = TraceScores.With(node.Value.Scores, score) };
            if (IsPinned(scored) == wasPinned)
            {
                node.Value = scored;
                return new(true);
            }

            node.List!.Remove(node);
            node.Value = scored;
            (IsPinned(scored) ? _pinned : _order).AddLast(node);
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
            var theirs = _records.Values.Where(node => node.Value.Tenant == tenant && node.Value.User == user).ToList();
            // What nobody's name stands on, such as a tool's arguments, is theirs where the trace is theirs alone.
            theirs.AddRange(theirs.Select(node => node.Value.TraceId).Distinct().Where(id => _traces[id].TrueForAll(of => IsOf(_records[of].Value)))
                .SelectMany(id => _traces[id]).Select(id => _records[id]).Where(node => node.Value.User is null).ToList());
            foreach (var node in theirs)
                Remove(node);
            return new(theirs.Count);

            bool IsOf(TraceRecord record) => record.User is null || (record.Tenant, record.User) == (tenant, user);
        }
    }

    /// <summary>Does nothing: what is in memory ends with the process.</summary>
    /// <param name="cancellationToken">Not used.</param>
    /// <returns>A task that has ended.</returns>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    private List<TraceSummary> Snapshot()
    {
        lock (_lock)
            return [.. _order, .. _pinned];
    }

    private void Add(TraceRecord record)
    {
        if (record.User is { } user && _forgotten.TryGetValue((record.Tenant, user), out var at) && record.StartedAt <= at)
            return;
        if (_records.TryGetValue(record.Id, out var known))
        {
            record = record with { Scores = known.Value.Scores };
            Remove(known);
        }

        record = Interned(record);
        _records[record.Id] = (IsPinned(record) ? _pinned : _order).AddLast(record);
        if (!_traces.TryGetValue(record.TraceId, out var trace))
            _traces[record.TraceId] = trace = new(1);
        trace.Add(record.Id);
        _bytes += SizeOf(record);
        MakeRoom();
    }

    private void MakeRoom()
    {
        while (_records.Count > _maxRecords || (_bytes > _maxBytes && _records.Count > 1))
        {
            var fromPinned = _order.Count == 0 || _pinned.Count > Math.Max(1, _records.Count / PinnedPart);
            Evict((fromPinned ? _pinned : _order).First!.Value.TraceId, fromPinned);
        }
    }

    /// <summary>Drops a trace as a whole, but for what is pinned of it while that has room.</summary>
    private void Evict(string traceId, bool pinnedToo)
    {
        // A trace without an end, such as that of a worker, goes piece by piece: or the newest would go with the oldest.
        if (_order.Last?.Value.TraceId == traceId)
        {
            Remove((pinnedToo ? _pinned : _order).First!);
            TraceTelemetry.Dropped("evicted");
            return;
        }

        foreach (var id in _traces[traceId].ToList())
        {
            var node = _records[id];
            if (node.List == _pinned && !pinnedToo)
                continue;
            Remove(node);
            TraceTelemetry.Dropped("evicted");
        }
    }

    private void Remove(LinkedListNode<TraceRecord> node)
    {
        var record = node.Value;
        node.List!.Remove(node);
        _records.Remove(record.Id);
        var trace = _traces[record.TraceId];
        trace.Remove(record.Id);
        if (trace.Count == 0)
            _traces.Remove(record.TraceId);
        _bytes -= SizeOf(record);
        foreach (var content in record.Contents)
            Release(content);
    }

    /// <summary>Gives the record with the texts that are known already in the place of its own.</summary>
    private TraceRecord Interned(TraceRecord record) => record with
    {
        Input = Hold(record.Input),
        Output = Hold(record.Output),
        Instructions = Hold(record.Instructions),
        Tools = Hold(record.Tools),
        Options = Hold(record.Options),
        Prompt = Hold(record.Prompt),
        PromptVariables = Hold(record.PromptVariables),
        Documents = Hold(record.Documents),
    };

    private TraceMessage[] Hold(IReadOnlyList<TraceMessage> contents)
    {
        if (contents.Count == 0)
            return [];
        var held = new TraceMessage[contents.Count];
        for (var i = 0; i < held.Length; i++)
            held[i] = Hold(contents[i])!;
        return held;
    }

    private TraceMessage? Hold(TraceMessage? content)
    {
        if (content is null)
            return null;
        var (known, uses) = _contents.TryGetValue(content.Hash, out var entry) ? entry : (content, 0);
        if (uses == 0)
            _bytes += content.Json.Length;
        _contents[content.Hash] = (known, uses + 1);
        return known;
    }

    private void Release(TraceMessage content)
    {
        var (known, uses) = _contents[content.Hash];
        if (uses > 1)
        {
            _contents[content.Hash] = (known, uses - 1);
            return;
        }

        _contents.Remove(content.Hash);
        _bytes -= known.Json.Length;
    }

    private static bool IsPinned(TraceRecord record) => record.IsBad || record.LastScore < Half;

    private static long SizeOf(TraceRecord record) => PerRecord + (PerStep * (long)(record.Steps.Count + record.Attempts.Count)) + (16L * (record.Input.Count + record.Output.Count));
}
