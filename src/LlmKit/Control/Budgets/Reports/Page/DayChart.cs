using System.Globalization;

namespace LlmKit.Control.Budgets.Reports.Page;

/// <summary>The cost of each day, stacked by model.</summary>
internal static class DayChart
{
    /// <summary>Models with a colour of their own.</summary>
    public const int Colours = 6;

    private const int FewestDays = 14;
    private const int MostLabels = 8;
    private const string Others = "others";

    public static void Write(HtmlWriter page, SpendingReport report)
    {
        page.WriteMarkup("<section aria-labelledby=\"days\">\n<h2 id=\"days\">Cost per day <span>USD, by model</span></h2>\n");
        var rows = report.Rows.Where(row => row.Day is not null).ToList();
        if (rows.Count == 0)
        {
            page.WriteMarkup("<p class=\"none\">No call has been made yet.</p>\n</section>\n");
            return;
        }

        var models = report.ByModel().Where(model => model is { Name: not null, IsMerged: false, Figures.Cost: > 0 }).Take(Colours).Select(model => model.Name!).ToList();
        var costs = rows.GroupBy(row => row.Day!.Value).ToDictionary(day => day.Key, day => Stack(day, models));
        WritePlot(page, DaysOf(costs.Keys), costs, models);
        WriteLegend(page, models, hasOthers: costs.Values.Any(stack => stack[^1] > 0));
        WriteTable(page, report, costs, models);
        page.WriteMarkup("</section>\n");
    }

    /// <summary>Gives the class of a model's colour.</summary>
    public static string Colour(int model) => model < Colours ? string.Create(CultureInfo.InvariantCulture, $"c{model}") : "cx";

    /// <summary>Gives what each model cost on a day, and last the others together.</summary>
    private static decimal[] Stack(IEnumerable<SpendingRow> day, List<string> models)
    {
        var stack = new decimal[models.Count + 1];
        foreach (var row in day)
            stack[row.Model is { } model && models.IndexOf(model) is var index and >= 0 ? index : models.Count] += row.Figures.Cost;
        return stack;
    }

    /// <summary>Gives every day from the first to the last, and some before so that a few bars do not fill the page.</summary>
    private static List<DateOnly> DaysOf(IEnumerable<DateOnly> days)
    {
        var (first, last) = (days.Min(), days.Max());
        var count = Math.Max(FewestDays, last.DayNumber - first.DayNumber + 1);
        return [.. Enumerable.Range(0, count).Select(index => DateOnly.FromDayNumber(Math.Max(0, last.DayNumber - count + 1 + index)))];
    }

    private static void WritePlot(HtmlWriter page, List<DateOnly> days, Dictionary<DateOnly, decimal[]> costs, List<string> models)
    {
        var marks = Figures.Marks(costs.Values.Max(stack => stack.Sum()));
        var most = (double)marks[^1];
        page.WriteMarkup("<div class=\"plot\">\n<div class=\"y\" aria-hidden=\"true\">");
        foreach (var mark in marks)
            page.Write($"<span style=\"bottom:{Figures.Coordinate((double)mark / most * 100)}%\">{mark:0.############}</span>");
        page.Write($"</div>\n<svg role=\"img\" aria-label=\"Cost of each day in USD, by model. The table below has the figures.\" viewBox=\"0 0 {days.Count} 100\" preserveAspectRatio=\"none\">\n");
        foreach (var mark in marks)
            page.Write($"<line class=\"grid\" x1=\"0\" x2=\"{days.Count}\" y1=\"{Figures.Coordinate(100 - (double)mark / most * 100)}\" y2=\"{Figures.Coordinate(100 - (double)mark / most * 100)}\"/>\n");
        for (var day = 0; day < days.Count; day++)
        {
            if (costs.TryGetValue(days[day], out var stack))
                WriteBar(page, day, days[day], stack, models, most);
        }

        page.WriteMarkup("</svg>\n<div class=\"x\" aria-hidden=\"true\">");
        var every = (days.Count + MostLabels - 1) / MostLabels;
        for (var day = days.Count - 1; day >= 0; day -= every)
            page.Write($"<span{((days.Count - 1 - day) / every % 2 == 1 ? " class=spare" : "")} style=\"left:{Figures.Coordinate((day + 0.5) / days.Count * 100)}%\">{days[day].ToString("MMM d", CultureInfo.InvariantCulture)}</span>");
        page.WriteMarkup("</div>\n</div>\n");
    }

    private static void WriteBar(HtmlWriter page, int index, DateOnly day, decimal[] stack, List<string> models, double most)
    {
        var top = 100.0;
        for (var model = 0; model < stack.Length; model++)
        {
            if (stack[model] <= 0)
                continue;
            var height = (double)stack[model] / most * 100;
            top -= height;
            var name = model < models.Count ? models[model] : Others;
            page.Write($"<rect class=\"{Colour(model < models.Count ? model : Colours)}\" x=\"{Figures.Coordinate(index + 0.14)}\" width=\"0.72\" y=\"{Figures.Coordinate(top)}\" height=\"{Figures.Coordinate(height)}\"><title>{day:yyyy-MM-dd}, {name}: {Figures.Usd(stack[model])} USD</title></rect>\n");
        }
    }

    private static void WriteLegend(HtmlWriter page, List<string> models, bool hasOthers)
    {
        page.WriteMarkup("<ul class=\"legend\">");
        for (var model = 0; model < models.Count; model++)
            page.Write($"<li><i class=\"{Colour(model)}\"></i><bdi>{models[model]}</bdi></li>");
        if (hasOthers)
            page.Write($"<li><i class=\"cx\"></i>{Others}</li>");
        page.WriteMarkup("</ul>\n");
    }

    private static void WriteTable(HtmlWriter page, SpendingReport report, Dictionary<DateOnly, decimal[]> costs, List<string> models)
    {
        page.WriteMarkup("<details><summary>The figures of each day</summary>\n<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Day</th><th scope=\"col\">Calls</th><th scope=\"col\">Tokens in</th><th scope=\"col\">Tokens out</th>");
        foreach (var model in models)
            page.Write($"<th scope=\"col\"><bdi>{model}</bdi>, USD</th>");
        page.WriteMarkup("<th scope=\"col\">Others, USD</th><th scope=\"col\">All, USD</th></tr></thead>\n<tbody>\n");
        foreach (var day in report.ByDay().Reverse())
        {
            var (figures, stack) = (day.Figures, day.Name is { } name ? costs[DateOnly.ParseExact(name, "yyyy-MM-dd", CultureInfo.InvariantCulture)] : null);
            page.Write($"<tr><th scope=\"row\">{day.Name ?? "earlier"}</th><td>{Figures.Count(figures.Calls)}</td><td>{Figures.Count(figures.Tokens.Input)}</td><td>{Figures.Count(figures.Tokens.Output)}</td>");
            for (var model = 0; model <= models.Count; model++)
                page.Write($"<td>{(stack is null ? "" : Figures.Usd(stack[model]))}</td>");
            page.Write($"<td>{Figures.Usd(figures.Cost)}</td></tr>\n");
        }

        page.WriteMarkup("</tbody></table></div></details>\n");
    }
}
