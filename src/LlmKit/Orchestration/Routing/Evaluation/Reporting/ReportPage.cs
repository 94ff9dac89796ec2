namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>Writes a report as one HTML page.</summary>
internal sealed class ReportPage(RoutingReport report, TextWriter writer)
{
    private const int MostFeatures = 100;

    private readonly ReportedPolicy _main = report.Policies[0];
    private readonly CurveChart _chart = new(report);

    /// <summary>Gets whether costs are money: otherwise they are the shares of the strong model, which are said once.</summary>
    private bool HasCosts => report.Options.CostUnit is not null;

    public void Write()
    {
        var title = ReportText.Encode(report.Options.Title);
        writer.Write($"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>{title}</title><style>{ReportStyle.Css}</style></head>\n<body><main><header><h1>{title}</h1>");
        if (report.Options.Note is { } note)
            writer.Write($"<p class=\"note\">{ReportText.Encode(note)}</p>");
        writer.Write("</header>\n");
        WriteHeadlines();
        WriteChart();
        WritePolicies();
        WriteFeatures();
        WriteReading();
        writer.Write("</main></body></html>\n");
    }

    private void WriteHeadlines()
    {
        var (strong, point, floor) = (report.All[RoutingReport.AlwaysStrong], _main.Calibration.Point, report.Options.QualityFloor);
        writer.Write("<section class=\"cards\">");
        Card(
            strong.Cost > 0 ? Text($"{1 - (point.Cost / strong.Cost):0%}") : "–",
            (HasCosts ? "less than the strong model costs" : "fewer requests to the strong model") + (_main.Calibration.IsFeasible ? "" : ", not proved"),
            _main.Calibration.IsFeasible
                ? Text($"compared with always asking it, with at least {floor:0.#%} of its quality proved for '{_main.Name}'")
                : Text($"No threshold of '{_main.Name}' is proved to keep {floor:0.#%} of the strong model's quality; this is the nearest"));
        Card(Percent(point.Quality), "mean score", Text($"at that threshold; the strong model alone has {strong.Quality:0.0%}, the weak one {report.All[RoutingReport.AlwaysWeak].Quality:0.0%}"));
        Card(Apgr(report.All[_main.Name]), "of the gap recovered", Text($"in the mean over all shares (APGR); by length {Apgr(report.All[RoutingReport.Length])}, by chance 0.500"));
        Card(Text($"{report.All.Count:#,0}"), "requests", "that both models answered");
        writer.Write("</section>\n");
    }

    private void Card(string figure, string what, string more) =>
        writer.Write($"<div class=\"card\"><p class=\"figure\">{ReportText.Encode(figure)}</p><p class=\"what\">{ReportText.Encode(what)}</p><p class=\"more\">{ReportText.Encode(more)}</p></div>");

    private void WriteChart()
    {
        writer.Write($"<section><h2>Quality for the money</h2><figure>{_chart.Draw()}<figcaption><ul class=\"legend\">");
        for (var i = 0; i < report.Policies.Count; i++)
            writer.Write($"<li><svg viewBox=\"0 0 28 10\" aria-hidden=\"true\"><path class=\"line {_chart.ClassOf(i)}\" d=\"M1 5H27\"/></svg>{ReportText.Encode(report.Policies[i].Name)}</li>");
        writer.Write($"</ul><p>The higher and the further to the left, the better. The band is where the lead of <b>{ReportText.Encode(_main.Name)}</b> over chance is likely to be (95 %, bootstrap over requests). The ringed point is its calibrated threshold.</p></figcaption></figure></section>\n");
    }

    private void WritePolicies()
    {
        writer.Write($"<section><h2>Policies and baselines</h2><div class=\"scroll\"><table><thead><tr><th>Policy</th><th>Quality</th>{(HasCosts ? "<th>Cost</th>" : "")}<th>Strong model</th><th>APGR</th><th>95 % interval</th><th>CPT50</th><th>CPT80</th></tr></thead><tbody>");
        foreach (var line in report.All.Lines)
        {
            var policy = report.Policies.FirstOrDefault(policy => policy.Name == line.Policy);
            writer.Write(line.Policy == _main.Name ? "<tr class=\"main\">" : "<tr>");
            writer.Write($"<th>{ReportText.Encode(line.Policy)}{(policy is { Calibration.IsFeasible: false } ? " <small>floor not proved</small>" : "")}</th>");
            Cells([Percent(line.Quality), .. Cost(line.Cost), Percent(line.StrongShare), Apgr(line), Range(line.Apgr), Percent(policy?.Curve.Cpt(0.5)), Percent(policy?.Curve.Cpt(0.8))]);
        }

        writer.Write("</tbody></table></div></section>\n");
    }

    private void WriteFeatures()
    {
        if (report.Features.Count == 0)
            return;
        writer.Write($"<section><h2>Call sites</h2><p>What <b>{ReportText.Encode(_main.Name)}</b> does at each, at the one threshold of all.</p><div class=\"scroll\"><table><thead><tr><th rowspan=\"2\">Call site</th><th rowspan=\"2\">n</th><th colspan=\"3\">Quality</th>{(HasCosts ? "<th rowspan=\"2\">Cost</th>" : "")}<th rowspan=\"2\">Strong model</th><th colspan=\"5\">APGR</th></tr><tr><th>weak</th><th>routed</th><th>strong</th><th>routed</th><th>95 % interval</th><th>length</th><th>random</th><th>oracle</th></tr></thead><tbody>");
        foreach (var section in report.Features.Take(MostFeatures))
        {
            var main = section[_main.Name];
            writer.Write($"<tr><th>{(section.Feature is null ? "<i>none</i>" : ReportText.Encode(section.Feature))}</th>");
            Cells(
            [
                Text($"{section.Count:#,0}"), Percent(section[RoutingReport.AlwaysWeak].Quality), Percent(main.Quality), Percent(section[RoutingReport.AlwaysStrong].Quality), .. Cost(main.Cost), Percent(main.StrongShare),
                Apgr(main), Range(main.Apgr), Apgr(section[RoutingReport.Length]), Apgr(section[RoutingReport.Random]), Apgr(section[RoutingReport.Oracle]),
            ]);
        }

        writer.Write("</tbody></table></div>");
        if (report.Features.Count > MostFeatures)
            writer.Write(Text($"<p>{report.Features.Count - MostFeatures} more call sites have fewer requests each and are not shown.</p>"));
        writer.Write("</section>\n");
    }

    private void WriteReading() =>
        writer.Write(Text($"<section class=\"reading\"><h2>How to read it</h2><p>Each policy stands at the cheapest threshold for which a one-sided 95 % bound proves {report.Options.QualityFloor:0.#%} of the strong model's quality on these requests, or at the nearest one. APGR: the part of the gap between both models that is recovered, in the mean over all shares of the strong model; 0.5 is chance, and the oracle, which knows both answers, shows what there is to win. CPT50 and CPT80: the share of the strong model that recovers half and four fifths of the gap. A dash stands where both models are equally good, so that there is no gap, or where a part of it is never reached. A call site with few requests has wide intervals: look at them first.</p></section>\n"));

    private void Cells(string[] cells)
    {
        foreach (var cell in cells)
            writer.Write($"<td>{ReportText.Encode(cell)}</td>");
        writer.Write("</tr>");
    }

    private string[] Cost(double cost) => HasCosts ? [Text($"{cost:0.######}")] : [];

    private static string Percent(double? share) => share is null ? "–" : Text($"{share:0.0%}");

    private static string Apgr(ReportLine line) => line.Apgr is { } apgr ? Text($"{apgr.Value:0.000}") : "–";

    private static string Range(Interval? interval) => interval is { } range ? Text($"{range.Low:0.000} to {range.High:0.000}") : "–";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
