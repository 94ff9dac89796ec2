using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Traffic;

namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>A model that a policy may choose, with what is known of it at this moment. Thread-safe.</summary>
public sealed class ModelCandidate
{
    private readonly StageSettings<Model>? _model;
    private readonly ModelTraffic? _traffic;

    /// <summary>Creates a candidate of which only the name is known, as for replays and tests of policies.</summary>
    /// <param name="name">The registered name.</param>
    public ModelCandidate(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    internal ModelCandidate(string name, StageSettings<Model> model, ModelTraffic traffic)
    {
        Name = name;
        _model = model;
        _traffic = traffic;
    }

    /// <summary>Gets the registered name.</summary>
    public string Name { get; }

    /// <summary>Gets how many requests this router has waiting for the model's answer.</summary>
    public int InFlight => _traffic?.InFlight ?? 0;

    /// <summary>Gets how long the model takes to its first content, or to its whole answer where that was asked for.</summary>
    /// <value>A mean over the last seconds, in which failures count as slow; <see langword="null"/> where nothing is known, or not any more.</value>
    public TimeSpan? Latency => _traffic?.Latency;

    internal Model? FactsFor(LlmCall call) => _model?.For(call);
}
