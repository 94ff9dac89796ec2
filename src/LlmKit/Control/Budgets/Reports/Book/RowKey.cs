namespace LlmKit.Control.Budgets.Reports.Book;

/// <summary>Tells one row from another.</summary>
/// <param name="Day">The day's number; <see cref="Earlier"/> for all days that are not kept any more.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Feature">The feature.</param>
/// <param name="Model">The registered model.</param>
/// <param name="IsMerged">Whether it is the row of what finds none of its own.</param>
internal readonly record struct RowKey(int Day, string? Tenant, string? Feature, string? Model, bool IsMerged = false)
{
    public const int Earlier = -1;

    public SpendingRow ToRow(RowCounts counts) =>
        new(Day == Earlier ? null : DateOnly.FromDayNumber(Day), Tenant, Feature, Model, counts.ToFigures()) { IsMerged = IsMerged };
}
