namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>What was said of calls that are not in the log, until it is saved, and which of them had been there. Not thread-safe: its log locks it.</summary>
/// <param name="capacity">How many calls it remembers, and how many outcomes it keeps.</param>
internal sealed class LateOutcomes(int capacity)
{
    /// <summary>Ids come from outside: longer ones than any of ours are not kept.</summary>
    private const int MostIdLength = 128;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly Queue<LateOutcome> _outcomes = new();

    /// <summary>Remembers a call that was taken out of the log.</summary>
    public void Remember(string callId)
    {
        if (!_taken.Add(callId))
            return;
        _order.Enqueue(callId);
        if (_order.Count > capacity)
            _taken.Remove(_order.Dequeue());
    }

    /// <summary>Gets whether a call, or that of a decision, was taken out of the log.</summary>
    public bool Knows(string id) => _taken.Contains(id) || (id.LastIndexOf('.') is > 0 and var dot && _taken.Contains(id[..dot]));

    /// <summary>Keeps an outcome. Where there is no room, one of a call that nobody knows makes none.</summary>
    /// <returns>Whether one was lost.</returns>
    public bool Add(LateOutcome outcome)
    {
        if (outcome.Of.Length > MostIdLength)
            return false;
        var isFull = _outcomes.Count == capacity;
        if (isFull && !Knows(outcome.Of))
            return true;
        if (isFull)
            _outcomes.Dequeue();
        _outcomes.Enqueue(outcome);
        return isFull;
    }

    /// <summary>Gives what was kept, in the order in which it was said, and keeps it no longer.</summary>
    public LateOutcome[] Take()
    {
        LateOutcome[] taken = [.. _outcomes];
        _outcomes.Clear();
        return taken;
    }
}
