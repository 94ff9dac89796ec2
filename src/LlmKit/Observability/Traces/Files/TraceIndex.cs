using System.Text;

namespace LlmKit.Observability.Traces;

/// <summary>What is known of the records in files, and where each stands. Not thread-safe.</summary>
internal sealed class TraceIndex : ITraceLines
{
    private const int MostEarly = 10_000;

    private readonly Dictionary<string, IndexedTrace> _traces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TraceScore>> _early = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _forgotten = new(StringComparer.Ordinal);

    /// <summary>Gives what a user is known by where only that may be told.</summary>
    public static string HashOf(string? tenant, string user) => TraceMessage.HashOf(Encoding.UTF8.GetBytes($"{tenant?.Length ?? -1}:{tenant}{user}"));

    public IndexedTrace? Find(string id) => _traces.GetValueOrDefault(id);

    public List<TraceSummary> All() => [.. _traces.Values.Select(place => place.Trace)];

    public int CountOf(string user) => _traces.Values.Count(place => Is(place.Trace, user));

    /// <summary>Whether a record is of a user who was to be forgotten after it.</summary>
    public bool IsForgotten(TraceSummary trace) =>
        trace.User is { } user && _forgotten.TryGetValue(HashOf(trace.Tenant, user), out var at) && trace.StartedAt <= at;

    public void Record(TraceFile file, TraceSummary trace, long offset, int length)
    {
        if (IsForgotten(trace))
        {
            file.HasForgotten = true;
            return;
        }

        if (_early.Remove(trace.Id, out var scores))
            trace = trace with { Scores = scores.Aggregate(trace.Scores, TraceScores.With) };
        _traces[trace.Id] = new(trace, file, offset, length);
    }

    public void Score(string id, TraceScore score)
    {
        if (_traces.TryGetValue(id, out var place))
            _traces[id] = place with { Trace = place.Trace with { Scores = TraceScores.With(place.Trace.Scores, score) } };
        else if (_early.TryGetValue(id, out var early))
            early.Add(score);
        else
            Keep(id, score);
    }

    public void Forget(string user, DateTimeOffset at)
    {
        if (!_forgotten.TryGetValue(user, out var known) || known < at)
            _forgotten[user] = at;
        foreach (var place in _traces.Values.Where(place => Is(place.Trace, user) && place.Trace.StartedAt <= at).ToList())
        {
            place.File.HasForgotten = true;
            _traces.Remove(place.Trace.Id);
        }
    }

    /// <summary>Forgets where the records of a file stand: it is gone, or is read anew.</summary>
    public void Drop(TraceFile file)
    {
        foreach (var id in _traces.Where(pair => pair.Value.File == file).Select(pair => pair.Key).ToList())
            _traces.Remove(id);
    }

    /// <summary>Keeps a score whose record is read later, from another file.</summary>
    private void Keep(string id, TraceScore score)
    {
        if (_early.Count < MostEarly)
            _early[id] = [score];
    }

    private static bool Is(TraceSummary trace, string user) => trace.User is { } name && HashOf(trace.Tenant, name) == user;
}

/// <summary>A record and where it stands.</summary>
internal sealed record IndexedTrace(TraceSummary Trace, TraceFile File, long Offset, int Length);
