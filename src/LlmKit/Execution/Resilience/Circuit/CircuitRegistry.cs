namespace LlmKit.Execution.Resilience;

/// <summary>The circuits of all pipelines of one container. Thread-safe.</summary>
internal sealed class CircuitRegistry
{
    private readonly Lock _lock = new();
    private readonly List<(string Pipeline, ModelCircuit Circuit)> _circuits = [];

    public void Add(string pipeline, ModelCircuit circuit)
    {
        lock (_lock)
            _circuits.Add((pipeline, circuit));
    }

    public void Remove(ModelCircuit circuit)
    {
        lock (_lock)
            _circuits.RemoveAll(entry => entry.Circuit == circuit);
    }

    /// <summary>Gives how the circuits stand now, by pipeline.</summary>
    public ILookup<string, CircuitSnapshot> Read()
    {
        lock (_lock)
            return _circuits.ToLookup(entry => entry.Pipeline, entry => entry.Circuit.Snapshot());
    }
}
