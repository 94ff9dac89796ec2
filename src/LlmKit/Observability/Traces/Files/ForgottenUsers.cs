namespace LlmKit.Observability.Traces;

/// <summary>Who was to be forgotten and when, by hashes, and the records that go with them and do not say so themselves. Not thread-safe.</summary>
internal sealed class ForgottenUsers
{
    private readonly Dictionary<string, DateTimeOffset> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    public bool IsEmpty => _users.Count == 0;

    /// <summary>Whether a record is of a user who was to be forgotten after it, or goes with one.</summary>
    public bool Has(TraceSummary trace) => Has(trace.Id)
        || (_users.Count > 0 && trace.User is { } user && _users.TryGetValue(TraceIndex.HashOf(trace.Tenant, user), out var at) && trace.StartedAt <= at);

    public bool Has(string id) => _ids.ContainsKey(id);

    public void Add(Forgotten forgotten)
    {
        if (!_users.TryGetValue(forgotten.User, out var known) || known < forgotten.At)
            _users[forgotten.User] = forgotten.At;
        foreach (var id in forgotten.Ids)
            _ids[id] = forgotten.User;
    }

    /// <summary>Notes that a record that was met is one of a forgotten user's: what is said of it elsewhere goes too.</summary>
    public void Note(TraceSummary trace)
    {
        if (!Has(trace.Id))
            _ids[trace.Id] = TraceIndex.HashOf(trace.Tenant, trace.User!);
    }

    /// <summary>Gives those since a moment.</summary>
    public List<Forgotten> Since(DateTimeOffset from)
    {
        var ids = _ids.ToLookup(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        return [.. _users.Where(pair => pair.Value >= from).Select(pair => new Forgotten(pair.Key, pair.Value, [.. ids[pair.Key]]))];
    }

    /// <summary>Drops the ids: no file holds a line of theirs any more.</summary>
    public void DropIds() => _ids.Clear();
}

/// <summary>A user to be forgotten.</summary>
/// <param name="User">The hash by which the user is known.</param>
/// <param name="At">Until when: what they did later stays.</param>
/// <param name="Ids">Records that go with them and do not say so: those that name nobody, and those of which something was said in other files.</param>
internal sealed record Forgotten(string User, DateTimeOffset At, IReadOnlyList<string> Ids);
