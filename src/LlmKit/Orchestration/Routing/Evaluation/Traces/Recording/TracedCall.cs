using LlmKit.Calls;

namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>What a log keeps of one call. Not thread-safe: its log locks it.</summary>
/// <param name="callId">The call.</param>
internal sealed class TracedCall(string callId)
{
    private readonly List<(string Id, RoutingOutcome Outcome)> _outcomes = [];
    private readonly List<(string Id, string Model, ShadowOutcome Outcome)> _shadows = [];
    private WatchedCall[] _watched = [];
    private RoutingTrace[] _rows = [];
    private string? _answer;

    public string CallId { get; } = callId;

    /// <summary>Gets the call and those that serve it, as far as they came to a router, until the rows do not change any more; the array is replaced and never changed.</summary>
    public IReadOnlyList<WatchedCall> Watched => _watched;

    /// <summary>Gets the ids of the calls that serve it, which lead to it too; the array is replaced and never changed.</summary>
    public string[] Served { get; private set; } = [];

    /// <summary>Gets when the call ended, so that its rows are there; <see langword="null"/> while it runs.</summary>
    public DateTimeOffset? Closed { get; private set; }

    /// <summary>Gets whether its last attempt is settled, so that the rows do not change any more.</summary>
    public bool IsSettled { get; private set; }

    public bool IsClosed => Closed is not null;

    /// <summary>Gets the rows with what is known by now. What is said of the call belongs to the decision that answered.</summary>
    public IEnumerable<RoutingTrace> Rows => _rows.Select(row => row with { Outcome = OutcomeOf(row), Shadows = ShadowsOf(row) });

    /// <summary>Takes down that the call, or one that serves it, came to a router.</summary>
    public void Watch(WatchedCall watched)
    {
        // Samples have the prompt of their call.
        if (Array.Find(_watched, one => one.Prompt.Hash == watched.Prompt.Hash) is { } same)
            watched = watched with { Prompt = same.Prompt };
        _watched = [.. _watched, watched];
        if (watched.Call.Id != CallId)
            Served = [.. Served, watched.Call.Id];
    }

    /// <summary>Gets whether a call was taken down already, or comes too late for that.</summary>
    public bool IsWatching(LlmCall call) => IsClosed || Array.Exists(_watched, one => one.Call == call);

    /// <summary>Takes the rows of the call that has ended, or those that are known better now that its last attempt is settled: then they do not change any more.</summary>
    /// <returns>How much was said meanwhile of decisions that there are none.</returns>
    public int Close(RoutingTrace[] rows, bool isSettled, DateTimeOffset now)
    {
        if (isSettled)
            _watched = [];
        (Closed, IsSettled, _rows, _answer) = (Closed ?? now, isSettled, rows, Array.Find(rows, row => row.IsAnswer)?.Id);
        KeepLast(CallId);
        return _outcomes.RemoveAll(said => !Has(said.Id)) + _shadows.RemoveAll(said => !Has(said.Id));
    }

    /// <summary>Gets whether an id is that of the call, or of one of its decisions, as far as they are known.</summary>
    public bool Has(string id) => id == CallId || !IsClosed || Array.Exists(_rows, row => row.Id == id);

    /// <summary>Says how good an answer was; the last word counts.</summary>
    /// <returns>Whether somebody had said so before.</returns>
    public bool Score(string id, RoutingOutcome outcome)
    {
        _outcomes.Add((id, outcome));
        return KeepLast(Subject(id));
    }

    public void Shadow(string id, string model, ShadowOutcome outcome)
    {
        _shadows.RemoveAll(said => said.Model == model && Subject(said.Id) == Subject(id));
        _shadows.Add((id, model, outcome));
    }

    /// <summary>Keeps the last word of several, and no shadows that were scored beside one of another source: they measure something else.</summary>
    private bool KeepLast(string subject)
    {
        var all = _outcomes.FindAll(said => Subject(said.Id) == subject);
        if (all.Count < 2)
            return false;
        _outcomes.RemoveAll(said => Subject(said.Id) == subject);
        _outcomes.Add(all[^1]);
        if (all.Exists(said => said.Outcome.Source != all[^1].Outcome.Source))
            _shadows.RemoveAll(shadow => Subject(shadow.Id) == subject);
        return true;
    }

    private RoutingOutcome? OutcomeOf(RoutingTrace row) => _outcomes.FindLast(said => Subject(said.Id) == Subject(row.Id)).Outcome;

    private Dictionary<string, ShadowOutcome>? ShadowsOf(RoutingTrace row)
    {
        Dictionary<string, ShadowOutcome>? shadows = null;
        foreach (var (id, model, outcome) in _shadows)
        {
            if (Subject(id) == Subject(row.Id))
                (shadows ??= new(StringComparer.Ordinal))[model] = outcome;
        }

        return shadows;
    }

    /// <summary>The call and the decision that answered are one.</summary>
    private string Subject(string id) => id == _answer ? CallId : id;
}
