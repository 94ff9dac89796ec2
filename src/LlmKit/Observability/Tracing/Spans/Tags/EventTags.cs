using System.Collections;
using System.Diagnostics;

namespace LlmKit.Observability.Tracing;

/// <summary>The tags of one event after the other: an event copies them, so one list serves all of a thread, and goes through itself instead of making something that does.</summary>
/// <remarks>Not thread-safe; gone through by one at a time.</remarks>
internal sealed class EventTags : ActivityTagsCollection, IEnumerable<KeyValuePair<string, object?>>, IEnumerator<KeyValuePair<string, object?>>
{
    [ThreadStatic]
    private static EventTags? spare;

    private readonly List<KeyValuePair<string, object?>> _facts = [];
    private Enumerator _at;

    public KeyValuePair<string, object?> Current => _at.Current;

    object IEnumerator.Current => Current;

    /// <summary>Takes the thread's own, which is nobody else's until it is given back: a step that is asked for its facts may be traced itself.</summary>
    public static EventTags Take()
    {
        var tags = spare ?? [];
        spare = null;
        return tags;
    }

    public static void Give(EventTags tags)
    {
        tags.Empty();
        spare = tags;
    }

    /// <summary>Takes what a step says of itself in the place of what was there.</summary>
    public void Fill(Calls.CallStep step)
    {
        Empty();
        CallSpans.AddFacts(step, _facts);
        foreach (var (name, value) in _facts)
            this[name] = value;
        if (step.Reason is not null)
            this[LlmKitDiagnostics.ReasonTag] = step.Reason;
        if (step.Observed)
            this[LlmKitDiagnostics.ObservedTag] = true;
    }

    IEnumerator<KeyValuePair<string, object?>> IEnumerable<KeyValuePair<string, object?>>.GetEnumerator()
    {
        Reset();
        return this;
    }

    public bool MoveNext() => _at.MoveNext();

    public void Reset() => _at = GetEnumerator();

    public void Dispose() => _at = default;

    private void Empty()
    {
        Clear();
        _facts.Clear();
    }
}
