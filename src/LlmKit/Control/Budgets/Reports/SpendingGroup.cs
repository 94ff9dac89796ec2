namespace LlmKit;

/// <summary>The rows of one name together. Immutable.</summary>
/// <param name="Name">The name, such as the tenant's, or the day as <c>yyyy-MM-dd</c>; <see langword="null"/> for what has none.</param>
/// <param name="Figures">Their sum.</param>
public sealed record SpendingGroup(string? Name, SpendingFigures Figures)
{
    /// <summary>Gets whether the group sums rows whose names are not known any more.</summary>
    public bool IsMerged { get; init; }
}
