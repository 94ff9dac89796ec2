namespace LlmKit.Observability.Traces;

/// <summary>Remembers who was forgotten and which traces were theirs, for what comes later and names nobody, such as a tool's record that waited for the end of its request.</summary>
/// <remarks>Thread-safe; the oldest are not remembered for ever. Records that come later and name the user are the store's to leave out.</remarks>
internal sealed class ForgottenTraces(ITraceStore store, TimeProvider time)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan LongestTrace = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string? Tenant, string User), DateTimeOffset> _users = [];
    private readonly HashSet<string> _traces = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Notes a user, before the store forgets them, with the traces that may still be open.</summary>
    public async ValueTask AddAsync(string? tenant, string user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_users.Count >= MostRemembered)
                _users.Remove(_users.MinBy(static known => known.Value).Key);
            _users[(tenant, user)] = now;
        }

        var query = new TraceQuery { Tenant = tenant, User = user, From = now - LongestTrace, WithChildren = true, Limit = TraceQuery.MostPerPage };
        do
        {
            var page = await store.ListAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var trace in page.Traces.Where(trace => trace.Tenant == tenant))
                Add(trace.TraceId);
            query = query with { After = page.Next };
        }
        while (query.After is not null);
    }

    /// <summary>Takes out of a batch what names nobody and belongs to a forgotten user's trace, unless somebody else has a record in that.</summary>
    public async ValueTask RemoveFromAsync(List<TraceRecord> batch)
    {
        lock (_lock)
        {
            if (_users.Count == 0)
                return;
        }

        foreach (var record in batch.Where(IsForgotten))
            Add(record.TraceId);
        var gone = new HashSet<string>(StringComparer.Ordinal);
        foreach (var trace in batch.Where(record => record.User is null && Has(record.TraceId)).Select(static record => record.TraceId).Distinct().ToList())
        {
            if (!await IsOthersAsync(trace, batch).ConfigureAwait(false))
                gone.Add(trace);
        }

        batch.RemoveAll(record => record.User is null && gone.Contains(record.TraceId));
    }

    private async ValueTask<bool> IsOthersAsync(string trace, List<TraceRecord> batch)
    {
        if (batch.Exists(record => record.TraceId == trace && IsSomebodys(record)))
            return true;
        try
        {
            var known = await store.ListAsync(new() { TraceId = trace, WithChildren = true, Limit = TraceQuery.MostPerPage }).ConfigureAwait(false);
            return known.Traces.Any(IsSomebodys);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Rather a tool's record too few than one too many.
            return false;
        }
    }

    private bool IsSomebodys(TraceSummary trace) => trace.User is not null && !IsForgotten(trace);

    private bool IsForgotten(TraceSummary trace)
    {
        lock (_lock)
            return trace.User is { } user && _users.TryGetValue((trace.Tenant, user), out var at) && trace.StartedAt <= at;
    }

    private bool Has(string trace)
    {
        lock (_lock)
            return _traces.Contains(trace);
    }

    private void Add(string trace)
    {
        lock (_lock)
        {
            if (!_traces.Add(trace))
                return;
            _order.Enqueue(trace);
            if (_order.Count > MostRemembered)
                _traces.Remove(_order.Dequeue());
        }
    }
}
