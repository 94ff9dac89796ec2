namespace LlmKit;

/// <summary>What calls of one day, tenant, feature and model came to. An attempt stands with its own model, a call with the one that answered it. Immutable.</summary>
/// <param name="Day">The day in which the calls started; <see langword="null"/> for all days that are not kept any more.</param>
/// <param name="Tenant">The tenant; <see langword="null"/> for calls that do not say theirs.</param>
/// <param name="Feature">The feature; <see langword="null"/> for calls that do not say theirs.</param>
/// <param name="Model">The registered model; <see langword="null"/> for calls that none answered.</param>
/// <param name="Figures">The figures.</param>
public sealed record SpendingRow(DateOnly? Day, string? Tenant, string? Feature, string? Model, SpendingFigures Figures)
{
    /// <summary>Gets whether the row sums what found no row of its own, so that its names are not known.</summary>
    public bool IsMerged { get; init; }
}
