namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>The chance that policies are given. Thread-safe; with a seed the sequence repeats.</summary>
internal sealed class SeededChance(int? seed)
{
    private readonly Lock _lock = new();
    private readonly Random _random = seed is { } value ? new(value) : new();

    /// <summary>Draws a number from 0 to below 1.</summary>
    public double Draw()
    {
        lock (_lock)
            return _random.NextDouble();
    }
}
