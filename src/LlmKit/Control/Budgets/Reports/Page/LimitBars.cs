namespace LlmKit.Control.Budgets.Reports.Page;

/// <summary>Each limit with what is spent, reserved and projected, and when it runs out.</summary>
internal static class LimitBars
{
    private const int Most = 20;
    // A runaway's projection would squeeze everything else to nothing.
    private const decimal Widest = 1.6m;

    public static void Write(HtmlWriter page, SpendingReport report)
    {
        if (report.Limits.Count == 0)
            return;
        page.WriteMarkup("<section aria-labelledby=\"limits\">\n<h2 id=\"limits\">Limits <span>the fullest first</span></h2>\n<ul class=\"legend\"><li><i class=\"c0\"></i>spent</li><li><i class=\"held\"></i>reserved</li><li><i class=\"ahead\"></i>projected at the window's end</li><li><i class=\"mark\"></i>the limit</li></ul>\n<ol class=\"limits\">\n");
        foreach (var limit in report.Limits.Take(Most))
        {
            if (limit.Money is { } money)
                Write(page, report, limit, money, "USD", Figures.Usd);
            if (limit.Tokens is { } tokens)
                Write(page, report, limit, tokens, "tokens", Figures.Short);
        }

        page.WriteMarkup("</ol>\n");
        if (report.Limits.Count > Most)
            page.Write($"<p class=\"note\">{Figures.Count(report.Limits.Count - Most)} more accounts are less full.</p>\n");
        page.WriteMarkup("</section>\n");
    }

    private static void Write(HtmlWriter page, SpendingReport report, BudgetForecast limit, BudgetProjection amount, string unit, Func<decimal, string> words)
    {
        var state = amount.Left == 0 ? "gone" : amount.ExhaustedAt is null ? "fine" : "soon";
        page.Write($"<li class=\"{state}\"><div class=\"whose\"><bdi>{limit.Limit}</bdi> <span>{Whose(limit)}{(limit.IsEnforced ? "" : ", observed only")}</span></div>\n");
        WriteBar(page, amount);
        page.Write($"<div class=\"figures\"><strong>{Figures.Percent(amount.Share)}</strong> {words(amount.Spent)}{(amount.Reserved > 0 ? $" + {words(amount.Reserved)} reserved" : "")} of {words(amount.Limit)} {unit} {Window(limit)}");
        if (amount.PerHour is { } pace)
            page.Write($" · {words(pace)} {unit}/h");
        if (amount.RecentPerHour is { } recent)
            page.Write($", lately {words(recent)}");
        page.Write($"</div>\n<div class=\"outlook\">{Outlook(report, limit, amount)}</div></li>\n");
    }

    private static void WriteBar(HtmlWriter page, BudgetProjection amount)
    {
        var taken = amount.Spent + amount.Reserved;
        var ahead = Math.Max(taken, amount.ProjectedSpend ?? taken);
        var scale = Math.Max(1e-12m, Math.Max(amount.Limit, Math.Min(ahead, amount.Limit * Widest)));
        page.Write($"<svg class=\"limit\" aria-hidden=\"true\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\"><rect class=\"track\" width=\"{Part(amount.Limit)}\" height=\"10\"/><rect class=\"ahead\" width=\"{Part(ahead)}\" y=\"3\" height=\"4\"/><rect class=\"held\" width=\"{Part(taken)}\" height=\"10\"/><rect class=\"c0\" width=\"{Part(amount.Spent)}\" height=\"10\"/><line class=\"mark\" x1=\"{Part(amount.Limit)}\" x2=\"{Part(amount.Limit)}\" y1=\"0\" y2=\"10\"/></svg>\n");

        string Part(decimal value) => Figures.Coordinate((double)(Math.Min(value, scale) / scale * 100));
    }

    private static string Whose(BudgetForecast limit) => limit.Scope == BudgetScope.Global ? "all calls together"
        : limit.Value.Length == 0 ? $"{limit.Scope.ToString().ToLowerInvariant()} not named"
        : $"{limit.Scope.ToString().ToLowerInvariant()} {limit.Value}";

    private static string Window(BudgetForecast limit) => limit.Window switch
    {
        BudgetWindow.Daily => "a day",
        BudgetWindow.Weekly => "a week",
        BudgetWindow.Monthly => "a month",
        BudgetWindow.Rolling => $"in {Length(limit.At - limit.From!.Value)}",
        _ => "for ever",
    };

    private static string Length(TimeSpan length) => length.TotalDays >= 2 ? $"{Figures.Count((decimal)length.TotalDays)} days"
        : length.TotalHours >= 2 ? $"{Figures.Count((decimal)length.TotalHours)} hours"
        : $"{Figures.Count((decimal)length.TotalMinutes)} minutes";

    private static string Outlook(SpendingReport report, BudgetForecast limit, BudgetProjection amount) => amount switch
    {
        { Left: 0 } => limit.Until is { } until ? $"Nothing is left until {ReportPage.Time(until, report)}." : "Nothing is left.",
        { ExhaustedAt: { } exhausted } => $"At this pace it runs out at {ReportPage.Time(exhausted, report)}.",
        _ => limit.Until is { } until ? $"It lasts until it starts anew at {ReportPage.Time(until, report)}." : "It does not run out at this pace.",
    };
}
