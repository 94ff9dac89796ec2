namespace LlmKit.Models;

/// <summary>What the catalogue knows of a model.</summary>
/// <param name="Id">The provider's id, without a date.</param>
/// <param name="Provider">The provider's name, as telemetry knows it.</param>
/// <param name="Price">The list price with its source and date.</param>
/// <param name="ContextWindow">The tokens that prompt and answer may have together.</param>
/// <param name="MaxOutputTokens">The most tokens that one answer may have.</param>
/// <param name="Capabilities">What the model can take and give.</param>
public sealed record CatalogueEntry(
    string Id,
    string Provider,
    ModelPrice? Price,
    int? ContextWindow,
    int? MaxOutputTokens,
    ModelCapabilities? Capabilities);
