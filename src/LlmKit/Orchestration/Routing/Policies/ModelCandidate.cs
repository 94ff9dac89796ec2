using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Traffic;

namespace LlmKit.Orchestration.Routing.Policies;

/// <summary>A model that a policy may choose, with what is known of it at this moment. Thread-safe.</summary>
public sealed class ModelCandidate
{
    private readonly StageSettings<Model>? _model;
    private readonly ModelTraffic? _traffic;
    private readonly bool _isRecorded;

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

    private ModelCandidate(string name, bool isRecorded)
        : this(name) => _isRecorded = isRecorded;

    /// <summary>Gets the registered name.</summary>
    public string Name { get; }

    /// <summary>Gets how many requests this router has waiting for the model's answer.</summary>
    public int InFlight => _traffic?.InFlight ?? Unknown(0, "how busy a model was");

    /// <summary>Gets how long the model takes to its first content, or to its whole answer where that was asked for.</summary>
    /// <value>A mean over the last seconds; <see langword="null"/> where nothing is known, or not any more, or what it ended with last was a failure.</value>
    public TimeSpan? Latency => _traffic is null ? Unknown<TimeSpan?>(null, "how fast a model was") : _traffic.Latency;

    /// <summary>Gets whether the last thing that this router saw of the model was a failure.</summary>
    internal bool IsFailing => _traffic?.IsFailing ?? false;

    /// <summary>A candidate of a decision that was made long ago: what is asked of it beyond its name is not known, which is not the same as nothing.</summary>
    internal static ModelCandidate Recorded(string name) => new(name, isRecorded: true);

    internal Model? FactsFor(LlmCall call) => _model?.For(call);

    private T Unknown<T>(T value, string what) => _isRecorded ? throw new UnrecordedFactException(what) : value;
}
