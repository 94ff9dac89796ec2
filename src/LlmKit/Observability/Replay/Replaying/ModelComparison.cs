namespace LlmKit.Observability.Replay;

/// <summary>How the answers of several models to one frozen call vary.</summary>
/// <remarks>Immutable.</remarks>
public sealed class ModelComparison
{
    internal ModelComparison(IReadOnlyList<VariationReport> models) => Models = models;

    /// <summary>Gets the models, by name.</summary>
    public IReadOnlyList<VariationReport> Models { get; }

    /// <summary>Gives the comparison as a table for people, a line for each model, without texts of the conversation.</summary>
    /// <returns>Lines that end with a line feed.</returns>
    public string ToText() => VariationTable.Of(Models);
}
