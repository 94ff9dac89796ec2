using LlmKit.Internal.Keys;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>Models to choose from, in order, with their weights. Compared by identity.</summary>
internal sealed class ModelRoute(string[] models, double[] weights)
{
    public string[] Models { get; } = models;

    public double[] Weights { get; } = weights;

    /// <summary>Gets the hash of the models, in order.</summary>
    public Hash256 Key { get; } = KeyWriter.KeyOf(models);
}
