namespace LlmKit.Observability.Traces;

/// <summary>Whom to forget among the records that are on their way to the store.</summary>
/// <remarks>Not thread-safe: the one writer uses it. Of records that name nobody the trace says whose they are.</remarks>
internal sealed class PendingDeletions
{
    private const int MostRemembered = 10_000;

    private readonly Dictionary<(string? Tenant, string User), DateTimeOffset> _users = [];
    private readonly Dictionary<string, DateTimeOffset> _traces = new(StringComparer.Ordinal);

    /// <summary>Gives the latest traces that are a user's alone as far as a store knows: more may come to them.</summary>
    public static async Task<IReadOnlyCollection<string>> TracesOfAsync(ITraceStore store, string? tenant, string user, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var query = new TraceQuery { Tenant = tenant, User = user, From = from, WithChildren = true, Limit = TraceQuery.MostPerPage };
        var alone = new List<string>();
        foreach (var id in (await store.ListAsync(query, cancellationToken).ConfigureAwait(false)).Traces.Where(IsTheirs).Select(static trace => trace.TraceId).Distinct())
        {
            var page = await store.ListAsync(new() { TraceId = id, WithChildren = true, Limit = TraceQuery.MostPerPage }, cancellationToken).ConfigureAwait(false);
            if (page.Traces.All(trace => trace.User is null || IsTheirs(trace)))
                alone.Add(id);
        }

        return alone;

        bool IsTheirs(TraceSummary trace) => (trace.Tenant, trace.User) == (tenant, user);
    }

    public void AddUser(string? tenant, string user, DateTimeOffset at) => Add(_users, (tenant, user), at);

    /// <summary>Adds a trace that is a forgotten user's alone.</summary>
    public void AddTrace(string id, DateTimeOffset at) => Add(_traces, id, at);

    /// <summary>Whether a record began before its user was to be forgotten.</summary>
    public bool Has(TraceRecord record) => record.User is null ? Has(_traces, record.TraceId, record) : HasUser(record);

    public bool HasUser(TraceRecord record) => record.User is { } user && Has(_users, (record.Tenant, user), record);

    private static bool Has<T>(Dictionary<T, DateTimeOffset> known, T key, TraceRecord record)
        where T : notnull => known.Count > 0 && known.TryGetValue(key, out var at) && record.StartedAt <= at;

    private static void Add<T>(Dictionary<T, DateTimeOffset> known, T key, DateTimeOffset at)
        where T : notnull
    {
        if (known.Count >= MostRemembered && !known.ContainsKey(key))
            known.Remove(known.MinBy(static one => one.Value).Key);
        known[key] = at;
    }
}
