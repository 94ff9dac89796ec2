namespace LlmKit.Control.Budgets.Reports.Book;

/// <summary>What one pipeline sets of the report that all share.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Configure">Sets the options.</param>
internal sealed record SpendingReportSetup(string Pipeline, Action<SpendingReportOptions>? Configure);
