using System.Globalization;
using LlmKit.Control.Budgets.Reports.Page;
using LlmKit.Control.Budgets.Reports.Writing;

namespace LlmKit;

/// <summary>What was spent, by day, tenant, feature and model, how often requests repeat, and how the limits stand.</summary>
/// <remarks>
/// Immutable: a copy of what was known <see cref="At"/> a moment. It holds names and numbers, never a text of a conversation. It is for those who run
/// the service: unless one tenant was asked for, it shows the figures of all.
/// </remarks>
public sealed class SpendingReport
{
    internal SpendingReport(DateTimeOffset at, TimeZoneInfo zone, IReadOnlyList<SpendingRow> rows, IReadOnlyList<BudgetForecast> limits)
    {
        At = at;
        Zone = zone;
        Rows = rows;
        Limits = limits;
        Total = SpendingFigures.Sum(rows.Select(row => row.Figures));
    }

    /// <summary>Gets when the report was made.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Gets the name of the time zone of the days.</summary>
    public string TimeZone => Zone.Id;

    /// <summary>Gets the tenant that it is about; <see langword="null"/> for all.</summary>
    public string? Tenant { get; init; }

    /// <summary>Gets the rows, by day, then by the names. Their sum is what the ledger has spent since the process began, to the last digit.</summary>
    public IReadOnlyList<SpendingRow> Rows { get; }

    /// <summary>Gets the sum of all rows.</summary>
    public SpendingFigures Total { get; }

    /// <summary>Gets how the limits stand, those with the greatest part used first; empty where there is no budget.</summary>
    public IReadOnlyList<BudgetForecast> Limits { get; }

    /// <summary>Gets how many entries found no row of their own, see <see cref="SpendingReportOptions.MaxRows"/>.</summary>
    public long MergedEntries { get; init; }

    /// <summary>Gets how many requests were forgotten before their time, so that their repeats are not recognised, see <see cref="SpendingReportOptions.MaxRequests"/>.</summary>
    public long ForgottenRequests { get; init; }

    /// <summary>Gets how long after an answer an equal request counts as a repeat; <see langword="null"/> where nobody looks for repeats.</summary>
    public TimeSpan? RepeatWindow { get; init; }

    internal TimeZoneInfo Zone { get; }

    /// <summary>Gives the sums of each day, in order of time.</summary>
    /// <returns>The groups; one without a name first, for days that are not kept any more.</returns>
    public IReadOnlyList<SpendingGroup> ByDay() =>
        [.. Rows.GroupBy(row => row.Day).OrderBy(day => day.Key).Select(day => Group(day.Key?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), isMerged: day.Key is null, day))];

    /// <summary>Gives the sums of each tenant, the dearest first.</summary>
    /// <returns>The groups.</returns>
    public IReadOnlyList<SpendingGroup> ByTenant() => By(row => row.Tenant);

    /// <summary>Gives the sums of each feature, the dearest first.</summary>
    /// <returns>The groups.</returns>
    public IReadOnlyList<SpendingGroup> ByFeature() => By(row => row.Feature);

    /// <summary>Gives the sums of each model, the dearest first.</summary>
    /// <returns>The groups.</returns>
    public IReadOnlyList<SpendingGroup> ByModel() => By(row => row.Model);

    /// <summary>Writes the rows as CSV (RFC 4180), with a header, in invariant format; costs in USD with all their decimals.</summary>
    /// <remarks>
    /// No name can become a formula in a spreadsheet: where a cell could begin, an apostrophe stands before <c>= + - @</c>, their wide forms and the
    /// apostrophe itself. A reader takes that one apostrophe away.
    /// </remarks>
    /// <param name="target">Where to write to.</param>
    public void WriteCsv(TextWriter target)
    {
        ArgumentNullException.ThrowIfNull(target);
        SpendingCsv.Write(this, target);
    }

    /// <summary>Gives the rows as CSV, see <see cref="WriteCsv"/>.</summary>
    /// <returns>The text.</returns>
    public string ToCsv() => Text(WriteCsv);

    /// <summary>Writes a page with charts and tables. It loads nothing and runs no script; names are encoded.</summary>
    /// <remarks>One line shows it in ASP.NET Core; it is for those who run the service, so let nobody else in:
    /// <code>app.MapGet("/spending", async (LlmSpending spending) => Results.Content((await spending.ReportAsync()).ToHtml(), "text/html; charset=utf-8")).RequireAuthorization("operators");</code>
    /// </remarks>
    /// <param name="target">Where to write to.</param>
    public void WriteHtml(TextWriter target)
    {
        ArgumentNullException.ThrowIfNull(target);
        ReportPage.Write(this, target);
    }

    /// <summary>Gives a page with charts and tables, see <see cref="WriteHtml"/>.</summary>
    /// <returns>The page.</returns>
    public string ToHtml() => Text(WriteHtml);

    private static string Text(Action<TextWriter> write)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        write(text);
        return text.ToString();
    }

    private List<SpendingGroup> By(Func<SpendingRow, string?> name) =>
        [.. Rows.GroupBy(row => (Name: name(row), row.IsMerged)).Select(rows => Group(rows.Key.Name, rows.Key.IsMerged, rows))
            .OrderByDescending(group => group.Figures.Cost).ThenByDescending(group => group.Figures.Calls).ThenBy(group => group.Name, StringComparer.Ordinal)];

    private static SpendingGroup Group(string? name, bool isMerged, IEnumerable<SpendingRow> rows) =>
        new(name, SpendingFigures.Sum(rows.Select(row => row.Figures))) { IsMerged = isMerged };
}
