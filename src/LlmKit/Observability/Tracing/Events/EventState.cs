using System.Collections;

namespace LlmKit.Observability.Tracing;

/// <summary>The attributes of an event, as loggers take them. As a text it is its name alone: text logs hold no content by accident.</summary>
internal sealed class EventState(string name, IReadOnlyList<KeyValuePair<string, object?>> attributes) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => attributes.Count;

    public KeyValuePair<string, object?> this[int index] => attributes[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => attributes.GetEnumerator();

    public override string ToString() => name;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
