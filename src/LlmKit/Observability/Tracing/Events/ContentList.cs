using System.Collections;

namespace LlmKit.Observability.Tracing;

/// <summary>A list inside the content of an event. Who cannot export it with its structure writes it as text, and finds its JSON: OpenTelemetry's own exporter has no lists of objects.</summary>
internal sealed class ContentList(object?[] items, string json) : IReadOnlyList<object?>
{
    public int Count => items.Length;

    public object? this[int index] => items[index];

    public IEnumerator<object?> GetEnumerator() => items.AsEnumerable().GetEnumerator();

    public override string ToString() => json;

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
