namespace LlmKit.Control.Budgets.Reports.Page;

/// <summary>The cost of each tenant, feature or model as a bar in a table: the dearest ten, and the others together.</summary>
internal static class GroupBars
{
    private const int Most = 10;

    public static void Write(HtmlWriter page, string id, string title, string column, IReadOnlyList<SpendingGroup> groups, string missing = "(not named)")
    {
        page.Write($"<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title} <span>USD</span></h2>\n");
        if (groups.Count == 0)
        {
            page.WriteMarkup("<p class=\"none\">No call has been made yet.</p>\n</section>\n");
            return;
        }

        var total = SpendingFigures.Sum(groups.Select(group => group.Figures)).Cost;
        var shown = Top(groups);
        var greatest = shown.Max(group => group.Figures.Cost);
        page.Write($"<table class=\"bars\"><thead><tr><th scope=\"col\">{column}</th><th scope=\"col\"><span class=\"hidden\">Bar</span></th><th scope=\"col\">Cost</th><th scope=\"col\" class=\"more\">Share</th><th scope=\"col\" class=\"more\">Calls</th></tr></thead>\n<tbody>\n");
        foreach (var group in shown)
        {
            var name = ReportPage.Name(group, missing);
            page.Write($"<tr><th scope=\"row\" title=\"{name}\"><bdi>{name}</bdi></th><td>");
            WriteBar(page, greatest == 0 ? 0 : (double)(group.Figures.Cost / greatest), group.IsMerged ? "cx" : "c0");
            page.Write($"</td><td>{Figures.Usd(group.Figures.Cost)}</td><td class=\"more\">{(total == 0 ? "" : Figures.Percent((double)(group.Figures.Cost / total)))}</td><td class=\"more\">{Figures.Count(group.Figures.Calls)}</td></tr>\n");
        }

        page.WriteMarkup("</tbody></table>\n</section>\n");
    }

    public static void WriteBar(HtmlWriter page, double part, string colour) =>
        page.Write($"<svg class=\"bar\" aria-hidden=\"true\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\"><rect class=\"{colour}\" width=\"{Figures.Coordinate(Math.Clamp(part, 0, 1) * 100)}\" height=\"1\"/></svg>");

    private static IReadOnlyList<SpendingGroup> Top(IReadOnlyList<SpendingGroup> groups)
    {
        var named = groups.Where(group => !group.IsMerged).ToList();
        if (named.Count <= Most && named.Count == groups.Count)
            return groups;
        var rest = named.Skip(Most).Concat(groups.Where(group => group.IsMerged)).ToList();
        return [.. named.Take(Most), new(null, SpendingFigures.Sum(rest.Select(group => group.Figures))) { IsMerged = true }];
    }
}
