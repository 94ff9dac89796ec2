using LlmKit.Internal.Keys;
using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>Models to choose from, in order, with their weights. Compared by identity.</summary>
internal sealed class ModelRoute(string[] models, double[] weights)
{
    public string[] Models { get; } = models;

    public double[] Weights { get; } = weights;

    /// <summary>Gets the policy that chooses among them; <see langword="null"/> where the strategy does.</summary>
    public RoutingPolicy? Policy { get; init; }

    /// <summary>Gets the hash of the models, in order.</summary>
    public Hash256 Key { get; } = KeyWriter.KeyOf(models);
}
