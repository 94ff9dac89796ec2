using System.Collections.Concurrent;

namespace LlmKit.Observability.Tracing;

/// <summary>Bounds how many values one tag of a metric can take: the first ones keep their name, all later ones share <c>_other</c>.</summary>
internal sealed class CappedNames(int most)
{
    public const string Other = "_other";

    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);
    private string? _last;
    private int _count;

    public string Get(string name)
    {
        // One call after the other names the same model.
        if (_last is { } last && last == name)
            return last;
        if (_names.TryGetValue(name, out var known))
            return _last = known;
        if (Volatile.Read(ref _count) >= most)
            return Other;
        if (Interlocked.Increment(ref _count) > most)
        {
            Interlocked.Decrement(ref _count);
            return Other;
        }

        if (!_names.TryAdd(name, name))
            Interlocked.Decrement(ref _count);
        return name;
    }
}
