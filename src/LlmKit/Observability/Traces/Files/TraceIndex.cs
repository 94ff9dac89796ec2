using System.Text;

namespace LlmKit.Observability.Traces;

/// <summary>What is known of the records in files, and where each stands. Not thread-safe.</summary>
internal sealed class TraceIndex : ITraceLines
{
    private const int MostEarly = 10_000;

    private readonly Dictionary<string, IndexedTrace> _traces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TraceScore>> _early = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<TraceScore>> _aside = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _forgotten = new(StringComparer.Ordinal);

    public int Count => _traces.Count;

    /// <summary>Gives what a user is known by where only that may be told.</summary>
    public static string HashOf(string? tenant, string user) => TraceMessage.HashOf(Encoding.UTF8.GetBytes($"{tenant?.Length ?? -1}:{tenant}{user}"));

    public IndexedTrace? Find(string id) => _traces.GetValueOrDefault(id);

    public List<TraceSummary> All() => [.. _traces.Values.Select(place => place.Trace)];

    public int CountOf(string user) => _traces.Values.Count(place => Is(place.Trace, user));

    /// <summary>Gives who was to be forgotten since, and when.</summary>
    public List<KeyValuePair<string, DateTimeOffset>> ForgottenSince(DateTimeOffset from) => [.. _forgotten.Where(pair => pair.Value >= from)];

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

        // What is read again does not take the place of what came later.
        if (file.IsRewritten && _traces.TryGetValue(trace.Id, out var known) && string.CompareOrdinal(known.File.Path, file.Path) > 0)
            return;
        if (_early.Remove(trace.Id, out var scores))
            trace = trace with { Scores = scores.Aggregate(trace.Scores, TraceScores.With) };
        _traces[trace.Id] = new(trace, file, offset, length);
    }

    public void Score(TraceFile file, string id, TraceScore score)
    {
        // Nor does a score that is read again.
        if (file.IsRewritten && _traces.TryGetValue(id, out var place) && place.Trace.Scores.Any(known => (known.Name, known.Source) == (score.Name, score.Source) && known.At > score.At))
            return;
        Score(id, score);
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

    /// <summary>Forgets the records of a file: it is gone for good.</summary>
    /// <returns>How many there were.</returns>
    public int Drop(TraceFile file)
    {
        var places = PlacesOf(file);
        foreach (var place in places)
            _traces.Remove(place.Trace.Id);
        return places.Count;
    }

    /// <summary>Forgets where the records of a file stand, for it is read again. Their scores may stand in other files: they are kept until <see cref="Restore"/>.</summary>
    public void PutAside(TraceFile file)
    {
        foreach (var place in PlacesOf(file))
        {
            _traces.Remove(place.Trace.Id);
            if (place.Trace.Scores.Count > 0)
                _aside[place.Trace.Id] = place.Trace.Scores;
        }
    }

    /// <summary>Gives the records that were read again their scores back.</summary>
    public void Restore()
    {
        foreach (var (id, scores) in _aside)
        {
            foreach (var score in scores)
                Score(id, score);
        }

        _aside.Clear();
    }

    private List<IndexedTrace> PlacesOf(TraceFile file) => [.. _traces.Values.Where(place => place.File == file)];

    /// <summary>Keeps a score whose record is read later, from another file.</summary>
    private void Keep(string id, TraceScore score)
    {
        if (_early.Count < MostEarly)
            _early[id] = [score];
        else
            TraceTelemetry.Dropped("score");
    }

    private static bool Is(TraceSummary trace, string user) => trace.User is { } name && HashOf(trace.Tenant, name) == user;
}

/// <summary>A record and where it stands.</summary>
internal sealed record IndexedTrace(TraceSummary Trace, TraceFile File, long Offset, int Length);
