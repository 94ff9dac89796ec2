namespace LlmKit.Control.Budgets.Reports.Page;

/// <summary>How often requests repeat, and what a cache would have saved, by feature.</summary>
internal static class RepeatBars
{
    private const int Most = 10;

    public static void Write(HtmlWriter page, SpendingReport report)
    {
        if (report.RepeatWindow is not { } window)
            return;
        page.WriteMarkup("<section aria-labelledby=\"repeats\">\n<h2 id=\"repeats\">Repeated requests <span>part of the calls, by feature</span></h2>\n");
        var features = report.ByFeature().Where(feature => feature.Figures.Repeats > 0).OrderByDescending(feature => feature.Figures.RepeatedCost).ThenByDescending(feature => feature.Figures.RepeatRate).Take(Most).ToList();
        if (features.Count == 0)
            page.WriteMarkup("<p class=\"none\">No request was repeated.</p>\n");
        else
            WriteTable(page, features);
        page.Write($"<p class=\"note\">A repeat equals a request of the same user that was answered well within {Window(window)} before. Hits of a cache are repeats too and cost nothing; what the others cost would have been saved.</p>\n</section>\n");
    }

    private static void WriteTable(HtmlWriter page, List<SpendingGroup> features)
    {
        page.WriteMarkup("<table class=\"bars\"><thead><tr><th scope=\"col\">Feature</th><th scope=\"col\"><span class=\"hidden\">Bar</span></th><th scope=\"col\">Repeats</th><th scope=\"col\" class=\"more\">Hits</th><th scope=\"col\">To save, USD</th></tr></thead>\n<tbody>\n");
        foreach (var feature in features)
        {
            page.Write($"<tr><th scope=\"row\" title=\"{ReportPage.Name(feature)}\"><bdi>{ReportPage.Name(feature)}</bdi></th><td>");
            GroupBars.WriteBar(page, feature.Figures.RepeatRate, "c2");
            page.Write($"</td><td>{Figures.Percent(feature.Figures.RepeatRate)}</td><td class=\"more\">{Figures.Percent(feature.Figures.HitRate)}</td><td>{Figures.Usd(feature.Figures.RepeatedCost)}</td></tr>\n");
        }

        page.WriteMarkup("</tbody></table>\n");
    }

    private static string Window(TimeSpan window) =>
        window.TotalHours >= 2 ? $"{Figures.Count((decimal)Math.Round(window.TotalHours))} hours" : $"{Figures.Count((decimal)Math.Round(window.TotalMinutes))} minutes";
}
