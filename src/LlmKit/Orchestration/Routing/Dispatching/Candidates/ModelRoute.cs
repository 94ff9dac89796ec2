using LlmKit.Internal.Keys;
using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>Models to choose from, in order. Compared by identity.</summary>
internal sealed class ModelRoute(string[] models)
{
    public string[] Models { get; } = models;

    /// <summary>Gets the policy that chooses among them; <see langword="null"/> where the order does, and nobody records it.</summary>
    public RoutingPolicy? Policy { get; init; }

    /// <summary>Gets the hash of the models, in order.</summary>
    public Hash256 Key { get; } = KeyWriter.KeyOf(models);
}
