using System.Collections;

namespace LlmKit.Observability.Tracing;

/// <summary>An object inside the content of an event. Who cannot export it with its structure writes it as text, and finds its JSON.</summary>
internal sealed class ContentObject(KeyValuePair<string, object?>[] properties, string json) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => properties.Length;

    public KeyValuePair<string, object?> this[int index] => properties[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => properties.AsEnumerable().GetEnumerator();

    public override string ToString() => json;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
