using static LlmKit.Orchestration.Routing.Evaluation.ReportText;

namespace LlmKit.Orchestration.Routing.Evaluation;

/// <summary>The part of a page on requests that both models answered: the curve, the policies beside the baselines, the call sites.</summary>
internal sealed class CurvePart(RoutingReport report, TextWriter writer)
{
    private const int MostFeatures = 100;

    private readonly ReportedPolicy _main = report.Policies[0];
    private readonly CurveChart _chart = new(report);

    /// <summary>Gets whether costs are money: otherwise they are the shares of the strong model, which are said once.</summary>
    private bool HasCosts => report.Options.CostUnit is not null;

    public void Write()
    {
        WriteHeadlines();
        WriteChart();
        WritePolicies();
        WriteFeatures();
        WriteReading();
    }

    private void WriteHeadlines()
    {
        var (strong, point, floor) = (report.All[RoutingReport.AlwaysStrong], _main.Calibration.Point, report.Options.QualityFloor);
        writer.Write("<section class=\"cards\">");
        Card(
            strong.Cost > 0 ? Invariant($"{1 - (point.Cost / strong.Cost):0%}") : "–",
            (HasCosts ? "less than the strong model costs" : "fewer requests to the strong model") + (_main.Calibration.IsFeasible ? "" : ", not proved"),
            _main.Calibration.IsFeasible
                ? Invariant($"compared with always asking it, with at least {floor:0.#%} of its quality proved for '{_main.Name}'")
                : Invariant($"No threshold of '{_main.Name}' is proved to keep {floor:0.#%} of the strong model's quality; this is the nearest"));
        Card(Percent(point.Quality), "mean score", Invariant($"at that threshold; the strong model alone has {strong.Quality:0.0%}, the weak one {report.All[RoutingReport.AlwaysWeak].Quality:0.0%}"));
        Card(Part(report.All[_main.Name].Apgr?.Value), "of the gap recovered", Invariant($"in the mean over all shares (APGR); by length {Part(report.All[RoutingReport.Length].Apgr?.Value)}, by chance 0.500"));
        Card(Invariant($"{report.All.Count:#,0}"), "requests", "that both models answered");
        writer.Write("</section>\n");
    }

    private void Card(string figure, string what, string more) =>
        writer.Write($"<div class=\"card\"><p class=\"figure\">{Encode(figure)}</p><p class=\"what\">{Encode(what)}</p><p class=\"more\">{Encode(more)}</p></div>");

    private void WriteChart()
    {
        writer.Write($"<section><h2>Quality for the money</h2><figure>{_chart.Draw()}<figcaption><ul class=\"legend\">");
        for (var i = 0; i < report.Policies.Count; i++)
            writer.Write($"<li><svg viewBox=\"0 0 28 10\" aria-hidden=\"true\"><path class=\"line {_chart.ClassOf(i)}\" d=\"M1 5H27\"/></svg>{Encode(report.Policies[i].Name)}</li>");
        writer.Write($"</ul><p>The higher and the further to the left, the better. {(_chart.HasBand ? $"The band is where the lead of <b>{Encode(_main.Name)}</b> over chance is likely to be (95 %, bootstrap over requests). " : "")}The ringed point is the calibrated threshold of <b>{Encode(_main.Name)}</b>.</p></figcaption></figure></section>\n");
    }

    private void WritePolicies()
    {
        writer.Write($"<section><h2>Policies and baselines</h2><div class=\"scroll\"><table><thead><tr><th>Policy</th><th>Quality</th>{(HasCosts ? "<th>Cost</th>" : "")}<th>Strong model</th><th>PGR there</th><th>APGR</th><th>CPT50</th><th>CPT80</th></tr></thead><tbody>");
        foreach (var line in report.All.Lines)
        {
            var policy = report.Policies.FirstOrDefault(policy => policy.Name == line.Policy);
            writer.Write(line.Policy == _main.Name ? "<tr class=\"main\">" : "<tr>");
            writer.Write($"<th>{Encode(line.Policy)}{(policy is { Calibration.IsFeasible: false } ? " <small>floor not proved</small>" : "")}</th>");
            writer.Write($"{Cell(Percent(line.Quality))}{Cost(line.Cost)}{Cell(Percent(line.StrongShare))}{Cell(line.Pgr, value => Percent(value))}{Cell(line.Apgr, value => Part(value))}{Cell(line.Cpt50, value => Percent(value))}{Cell(line.Cpt80, value => Percent(value))}</tr>");
        }

        writer.Write("</tbody></table></div></section>\n");
    }

    private void WriteFeatures()
    {
        if (report.Features.Count == 0)
            return;
        writer.Write($"<section><h2>Call sites</h2><p>What <b>{Encode(_main.Name)}</b> does at each, at the one threshold of all.</p><div class=\"scroll\"><table><thead><tr><th rowspan=\"2\">Call site</th><th rowspan=\"2\">n</th><th colspan=\"3\">Quality</th>{(HasCosts ? "<th rowspan=\"2\">Cost</th>" : "")}<th rowspan=\"2\">Strong model</th><th colspan=\"4\">APGR</th></tr><tr><th>weak</th><th>routed</th><th>strong</th><th>routed</th><th>length</th><th>random</th><th>oracle</th></tr></thead><tbody>");
        foreach (var section in report.Features.Take(MostFeatures))
        {
            var main = section[_main.Name];
            writer.Write($"<tr><th>{(section.Feature is null ? "<i>none</i>" : Encode(section.Feature))}</th>");
            writer.Write($"{Cell(Invariant($"{section.Count:#,0}"))}{Cell(Percent(section[RoutingReport.AlwaysWeak].Quality))}{Cell(Percent(main.Quality))}{Cell(Percent(section[RoutingReport.AlwaysStrong].Quality))}{Cost(main.Cost)}{Cell(Percent(main.StrongShare))}{Cell(main.Apgr, value => Part(value))}");
            foreach (var baseline in (string[])[RoutingReport.Length, RoutingReport.Random, RoutingReport.Oracle])
                writer.Write(Cell(Part(section[baseline].Apgr?.Value)));
            writer.Write("</tr>");
        }

        writer.Write("</tbody></table></div>");
        if (report.Features.Count > MostFeatures)
            writer.Write(Invariant($"<p>{report.Features.Count - MostFeatures} more call sites have fewer requests each and are not shown.</p>"));
        writer.Write("</section>\n");
    }

    private void WriteReading() =>
        writer.Write(Invariant($"<section class=\"reading\"><h2>How to read it</h2><p>Each policy stands at the cheapest threshold for which a one-sided 95 % bound proves {report.Options.QualityFloor:0.#%} of the strong model's quality on these requests, or at the nearest one. PGR there: the part of the gap between both models that is recovered at that share of the strong one. APGR: the same in the mean over all shares; 0.5 is chance, and the oracle, which knows both answers, shows what there is to win. CPT50 and CPT80: the share of the strong model that recovers half and four fifths of the gap. Below each measure stands its 95 % interval, by the bootstrap over requests; one of CPT that reaches 100 % says that it may take every request, or that so much may never be recovered. A dash stands where both models are equally good, so that there is no gap, and where there are fewer than {CurveIntervals.LeastCount} requests: so few have no range that could be trusted. A call site with few requests has wide intervals: look at them first.</p></section>\n"));

    private string Cost(double cost) => HasCosts ? Cell(Money(cost)) : "";
}
