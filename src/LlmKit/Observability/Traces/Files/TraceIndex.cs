using System.Text;

namespace LlmKit.Observability.Traces;

/// <summary>What is known of the records in files, and where each stands. Not thread-safe.</summary>
internal sealed class TraceIndex : ITraceLines
{
    private const int MostEarly = 10_000;

    private readonly Dictionary<string, IndexedTrace> _traces = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TraceScore>> _early = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<TraceScore>> _aside = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<TraceFile>> _scored = new(StringComparer.Ordinal);

    public int Count => _traces.Count;

    /// <summary>Gets who was to be forgotten.</summary>
    public ForgottenUsers Forgotten { get; } = new();

    /// <summary>Gives what a user is known by where only that may be told.</summary>
    public static string HashOf(string? tenant, string user) => TraceMessage.HashOf(Encoding.UTF8.GetBytes($"{tenant?.Length ?? -1}:{tenant}{user}"));

    public IndexedTrace? Find(string id) => _traces.GetValueOrDefault(id);

    public List<TraceSummary> All() => [.. _traces.Values.Select(place => place.Trace)];

    /// <summary>Gives the records of a user, and those that name nobody, such as a tool's, in traces that are theirs alone.</summary>
    public List<TraceSummary> Of(string? tenant, string user)
    {
        var theirs = _traces.Values.Select(place => place.Trace).Where(Is).ToList();
        var alone = theirs.Select(trace => trace.TraceId).ToHashSet(StringComparer.Ordinal);
        alone.ExceptWith(_traces.Values.Where(place => place.Trace.User is not null && !Is(place.Trace)).Select(place => place.Trace.TraceId));
        theirs.AddRange(_traces.Values.Select(place => place.Trace).Where(trace => trace.User is null && alone.Contains(trace.TraceId)));
        return theirs;

        bool Is(TraceSummary trace) => (trace.Tenant, trace.User) == (tenant, user);
    }

    /// <summary>Whether something was said of a record in a line of its own.</summary>
    public bool IsScored(string id) => _scored.ContainsKey(id);

    public void Record(TraceFile file, TraceSummary trace, long offset, int length)
    {
        if (Forgotten.Has(trace))
        {
            file.HasForgotten = true;
            ForgetOne(trace);
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
        if (Forgotten.Has(id))
        {
            file.HasForgotten = true;
            return;
        }

        if (!TryScore(id, score))
            return;
        if (!_scored.TryGetValue(id, out var files))
            _scored[id] = files = [];
        files.Add(file);
    }

    public void Forget(Forgotten forgotten)
    {
        Forgotten.Add(forgotten);
        foreach (var place in _traces.Values.Where(place => Forgotten.Has(place.Trace)).ToList())
        {
            place.File.HasForgotten = true;
            ForgetOne(place.Trace);
        }

        // Of a record that is gone already something may still be said.
        foreach (var id in forgotten.Ids)
            ForgetScores(id);
    }

    /// <summary>Forgets the records of a file: it is gone for good.</summary>
    /// <returns>How many there were.</returns>
    public int Drop(TraceFile file)
    {
        var places = PlacesOf(file);
        foreach (var place in places)
            _traces.Remove(place.Trace.Id);
        LeaveScores(file);
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

        LeaveScores(file);
    }

    /// <summary>Gives the records that were read again their scores back.</summary>
    public void Restore()
    {
        foreach (var (id, scores) in _aside)
        {
            foreach (var score in scores)
                TryScore(id, score);
        }

        _aside.Clear();
    }

    private bool TryScore(string id, TraceScore score)
    {
        if (_traces.TryGetValue(id, out var place))
        {
            _traces[id] = place with { Trace = place.Trace with { Scores = TraceScores.With(place.Trace.Scores, score) } };
            return true;
        }

        if (_early.TryGetValue(id, out var early))
        {
            early.Add(score);
            return true;
        }

        return !Forgotten.Has(id) && TryKeep(id, score);
    }

    private void ForgetOne(TraceSummary trace)
    {
        Forgotten.Note(trace);
        _traces.Remove(trace.Id);
        ForgetScores(trace.Id);
    }

    private void ForgetScores(string id)
    {
        _early.Remove(id);
        if (!_scored.Remove(id, out var files))
            return;
        foreach (var file in files)
            file.HasForgotten = true;
    }

    private void LeaveScores(TraceFile file)
    {
        foreach (var (id, files) in _scored)
        {
            if (files.Remove(file) && files.Count == 0)
                _scored.Remove(id);
        }
    }

    private List<IndexedTrace> PlacesOf(TraceFile file) => [.. _traces.Values.Where(place => place.File == file)];

    /// <summary>Keeps a score whose record is read later, from another file.</summary>
    private bool TryKeep(string id, TraceScore score)
    {
        if (_early.Count >= MostEarly)
        {
            TraceTelemetry.Dropped("score");
            return false;
        }

        _early[id] = [score];
        return true;
    }
}

/// <summary>A record and where it stands.</summary>
internal sealed record IndexedTrace(TraceSummary Trace, TraceFile File, long Offset, int Length);
