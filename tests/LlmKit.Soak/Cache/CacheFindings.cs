using System.Collections.Concurrent;

namespace LlmKit.Soak.Cache;

/// <summary>What came of all that was asked. Thread-safe.</summary>
internal sealed class CacheFindings
{
    private const int MostExamples = 5;
    private const int MostLetters = 300;

    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly ConcurrentQueue<string> _examples = new();

    public IEnumerable<KeyValuePair<string, long>> Counts => _counts.OrderByDescending(count => count.Value);

    public IEnumerable<string> Examples => _examples;

    public long this[string name] => _counts.GetValueOrDefault(name);

    public void Count(string name) => _counts.AddOrUpdate(name, 1, static (_, count) => count + 1);

    /// <summary>Counts what must not be, and remembers the first few.</summary>
    public void Break(string name, string example)
    {
        Count(name);
        if (_examples.Count >= MostExamples)
            return;
        var line = example.ReplaceLineEndings(" ");
        _examples.Enqueue($"{name}: {line[..Math.Min(MostLetters, line.Length)]}");
    }
}
