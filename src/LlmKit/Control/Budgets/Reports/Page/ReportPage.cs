using System.Globalization;

namespace LlmKit.Control.Budgets.Reports.Page;

/// <summary>The page of a spending report: it stands alone, loads nothing, runs nothing.</summary>
internal static class ReportPage
{
    public static void Write(SpendingReport report, TextWriter target)
    {
        var page = new HtmlWriter(target);
        page.WriteMarkup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        // Should a name ever get through as markup, it can load and run nothing.
        page.WriteMarkup("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" content=\"noindex\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.Write($"<title>Spending of language models, {Time(report.At, report)}</title>\n<style>\n");
        page.WriteMarkup(PageStyle.Sheet);
        page.WriteMarkup("</style>\n</head>\n<body>\n<main>\n");
        WriteHead(page, report);
        WriteTiles(page, report);
        DayChart.Write(page, report);
        LimitBars.Write(page, report);
        page.WriteMarkup("<div class=\"pairs\">\n");
        GroupBars.Write(page, "tenants", "Cost by tenant", "Tenant", report.ByTenant());
        GroupBars.Write(page, "features", "Cost by feature", "Feature", report.ByFeature());
        GroupBars.Write(page, "models", "Cost by model", "Model", report.ByModel(), missing: "(no answer)");
        RepeatBars.Write(page, report);
        page.WriteMarkup("</div>\n");
        WriteNotes(page, report);
        page.WriteMarkup("</main>\n</body>\n</html>\n");
    }

    /// <summary>Gives a moment in the report's time zone.</summary>
    public static string Time(DateTimeOffset moment, SpendingReport report) => TimeZoneInfo.ConvertTime(moment, report.Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Gives a name to show in the place of one that is missing.</summary>
    public static string Name(SpendingGroup group, string missing = "(not named)") => group.IsMerged ? "all others" : group.Name is { } name ? string.IsNullOrWhiteSpace(name) ? "(blank)" : name : missing;

    private static void WriteHead(HtmlWriter page, SpendingReport report)
    {
        page.WriteMarkup("<header>\n<h1>Spending of language models</h1>\n");
        page.Write($"<p>{Time(report.At, report)} {report.TimeZone}");
        if (report.Tenant is { } tenant)
            page.Write($" · only the tenant <bdi>{tenant}</bdi>");
        var days = report.Rows.Where(row => row.Day is not null).Select(row => row.Day!.Value).Distinct().ToList();
        if (days.Count == 1)
            page.Write($" · calls that started on {days[0].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}");
        else if (days.Count > 1)
            page.Write($" · calls that started from {days.Min().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} to {days.Max().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}");
        page.WriteMarkup("</p>\n</header>\n");
    }

    private static void WriteTiles(HtmlWriter page, SpendingReport report)
    {
        var total = report.Total;
        page.WriteMarkup("<dl class=\"tiles\">\n");
        Tile("Spent", Figures.Usd(total.Cost), "USD", $"{Figures.Count(total.Attempts)} attempts, {Figures.Count(total.FailedAttempts)} failed");
        Tile("Calls", Figures.Count(total.Calls), "", $"{Figures.Count(total.FailedCalls)} ended with an error");
        Tile("Tokens", Figures.Short(total.Tokens.Total), "", $"{Figures.Short(total.Tokens.Input)} in, {Figures.Short(total.Tokens.CachedInput)} of them cached by providers; {Figures.Short(total.Tokens.Output)} out");
        Tile("Served by a cache", Figures.Percent(total.HitRate), "of calls", $"{Figures.Count(total.Hits)} calls that cost nothing");
        if (report.RepeatWindow is not null)
            Tile("Repeats", Figures.Percent(total.RepeatRate), "of calls", $"a cache would have saved {Figures.Usd(total.RepeatedCost)} USD more");
        page.WriteMarkup("</dl>\n");

        void Tile(string name, string value, string unit, string note) =>
            page.Write($"<div><dt>{name}</dt><dd><strong>{value}</strong> <span>{unit}</span><small>{note}</small></dd></div>\n");
    }

    private static void WriteNotes(HtmlWriter page, SpendingReport report)
    {
        page.WriteMarkup("<footer>\n");
        if (report.Total.UnpricedAttempts > 0)
            page.Write($"<p class=\"warn\">{Figures.Count(report.Total.UnpricedAttempts)} attempts were made on models without a price: they cost 0 here and something there.</p>\n");
        if (report.Total.FallbackPricedAttempts > 0)
            page.Write($"<p class=\"warn\">{Figures.Count(report.Total.FallbackPricedAttempts)} attempts were charged at the declared fallback price.</p>\n");
        if (report.Total.EstimatedAttempts > 0)
            page.Write($"<p>The tokens of {Figures.Count(report.Total.EstimatedAttempts)} attempts were estimated, because the provider reported none.</p>\n");
        if (report.MergedEntries > 0)
            page.Write($"<p>{Figures.Count(report.MergedEntries)} entries found no row of their own and stand under <i>all others</i>: raise MaxRows.</p>\n");
        if (report.ForgottenRequests > 0)
            page.Write($"<p>{Figures.Count(report.ForgottenRequests)} requests were forgotten before their time, so there may be more repeats: raise MaxRequests.</p>\n");
        page.WriteMarkup("<p>A call belongs to the day in which it started. Costs are in USD, at the prices that held when each attempt ended; they are kept in memory and count from the start of the process.</p>\n</footer>\n");
    }
}
