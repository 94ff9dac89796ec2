using System.Collections;
using System.Text.Json;

namespace LlmKit.Simulator.Recording;

/// <summary>What the provider has received, so that a test can look for data that should not have left the house.</summary>
/// <remarks>
/// Thread-safe; enumerating walks a copy, oldest first. Bounded by <see cref="SimulatorOptions.ReceivedCapacity"/>: the oldest are
/// dropped and counted.
/// </remarks>
public sealed class ReceivedRequests : IEnumerable<ReceivedRequest>
{
    private readonly Lock _gate = new();
    private readonly Queue<ReceivedRequest> _requests = new();
    private readonly int _capacity;
    private long _dropped;

    internal ReceivedRequests(int capacity) => _capacity = capacity;

    /// <summary>The requests that are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _requests.Count;
        }
    }

    /// <summary>The requests that were dropped because there were too many.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate)
                return _dropped;
        }
    }

    /// <summary>Says whether a text occurs in any body that is kept, as it was sent or in a JSON string once its escapes are undone.</summary>
    /// <param name="text">The text to look for, compared character by character.</param>
    /// <returns>Whether it occurs.</returns>
    public bool Contains(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return this.Any(request => request.Body.Contains(text, StringComparison.Ordinal) || OccursUnescaped(request.Body, text));
    }

    /// <inheritdoc/>
    public IEnumerator<ReceivedRequest> GetEnumerator()
    {
        lock (_gate)
            return _requests.ToList().GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(ReceivedRequest request)
    {
        lock (_gate)
        {
            _requests.Enqueue(request);
            if (_requests.Count <= _capacity)
                return;

            _requests.Dequeue();
            _dropped++;
        }
    }

    private static bool OccursUnescaped(string json, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Occurs(document.RootElement, text);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool Occurs(JsonElement element, string text) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject()
            .Any(property => property.Name.Contains(text, StringComparison.Ordinal) || Occurs(property.Value, text)),
        JsonValueKind.Array => element.EnumerateArray().Any(item => Occurs(item, text)),
        JsonValueKind.String => OccursInString(element.GetString()!, text),
        _ => false,
    };

    // The arguments of a tool call are JSON inside a string, with escapes of their own.
    private static bool OccursInString(string value, string text) =>
        value.Contains(text, StringComparison.Ordinal) || (value.StartsWith('{') && OccursUnescaped(value, text));
}
