namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>Models to choose from, in order, with their weights. Compared by identity.</summary>
internal sealed class ModelRoute(string[] models, double[] weights)
{
    public string[] Models { get; } = models;

    public double[] Weights { get; } = weights;
}
