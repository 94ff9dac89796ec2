using LlmKit.Simulator.Faults;

namespace LlmKit.Simulator.Metering;

/// <summary>Counts the requests by model and outcome, and the faults that were played.</summary>
/// <remarks>Thread-safe. A request is counted when it is billed: see <see cref="ProviderMeter"/>.</remarks>
public sealed class RequestCounts
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Model, RequestOutcome Outcome), long> _outcomes = [];
    private readonly Dictionary<FaultKind, long> _faults = [];

    internal RequestCounts()
    {
    }

    /// <summary>All requests that have ended.</summary>
    public long Total => Sum((_, _) => true);

    /// <summary>Counts the requests to a model.</summary>
    /// <param name="model">The model or deployment, as the request named it; empty for requests that named none.</param>
    /// <returns>The number, 0 or more.</returns>
    public long Count(string model) => Sum((name, _) => name == model);

    /// <summary>Counts the requests with an outcome.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <returns>The number, 0 or more.</returns>
    public long Count(RequestOutcome outcome) => Sum((_, kind) => kind == outcome);

    /// <summary>Counts the requests to a model with an outcome.</summary>
    /// <param name="model">The model or deployment, as the request named it.</param>
    /// <param name="outcome">The outcome.</param>
    /// <returns>The number, 0 or more.</returns>
    public long Count(string model, RequestOutcome outcome) => Sum((name, kind) => name == model && kind == outcome);

    /// <summary>Counts the faults of a kind that were played.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>The number, 0 or more.</returns>
    public long CountFaults(FaultKind kind)
    {
        lock (_gate)
            return _faults.GetValueOrDefault(kind);
    }

    internal void Add(string model, RequestOutcome outcome, FaultKind? fault)
    {
        lock (_gate)
        {
            _outcomes[(model, outcome)] = _outcomes.GetValueOrDefault((model, outcome)) + 1;
            if (fault is { } kind)
                _faults[kind] = _faults.GetValueOrDefault(kind) + 1;
        }
    }

    private long Sum(Func<string, RequestOutcome, bool> counts)
    {
        lock (_gate)
            return _outcomes.Where(pair => counts(pair.Key.Model, pair.Key.Outcome)).Sum(pair => pair.Value);
    }
}
