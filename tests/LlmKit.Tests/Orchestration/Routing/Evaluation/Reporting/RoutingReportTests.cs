using System.Globalization;
using System.Xml.Linq;
using LlmKit.Orchestration.Routing.Evaluation;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Evaluation;

public sealed class RoutingReportTests
{
    [Test]
    public void Of_Requests_StandsBesideEveryBaseline()
    {
        var report = RoutingReport.Of(Requests(1_000));

        Assert.That(report.All.Lines.Select(line => line.Policy), Is.EqualTo(["always weak", "learned", "keyword", "length", "random", "oracle", "always strong"]));
        var (weak, learned, strong) = (report.All["always weak"], report.All["learned"], report.All["always strong"]);
        Assert.That((weak.StrongShare, weak.Cost, strong.StrongShare, strong.Cost), Is.EqualTo((0.0, 0.0, 1.0, 1.0)));
        Assert.That(learned.Apgr!.Value.Low, Is.GreaterThan(0.6));
        Assert.That(report.All["random"].Apgr!.Value.Value, Is.EqualTo(0.5).Within(0.06));
        Assert.That(report.All["oracle"].Apgr!.Value.Value, Is.GreaterThan(learned.Apgr.Value.Value));
        Assert.That(learned.Quality, Is.GreaterThanOrEqualTo(0.95 * strong.Quality));
        Assert.That(learned.Cost, Is.EqualTo(learned.StrongShare).And.LessThan(report.All["random"].Cost));
    }

    [Test]
    public void Features_CallSites_AddUpToTheWhole()
    {
        var report = RoutingReport.Of(Requests(1_000));

        Assert.That(report.Features.Select(section => section.Feature), Is.EquivalentTo(new[] { "proofs", "words" }));
        Assert.That(report.Features.Sum(section => section.Count), Is.EqualTo(1_000));
        Assert.That(report.Features.Sum(section => section.Count * section["learned"].Quality) / 1_000, Is.EqualTo(report.All["learned"].Quality).Within(1e-12));
    }

    [Test]
    public void Features_ModelsThatAreEquallyGood_HaveNoGap()
    {
        var report = RoutingReport.Of(Requests(100).Select(request => request with { Weak = 1, Strong = 1 }));

        Assert.That(report.All.Lines.Select(line => line.Apgr), Is.All.Null);
        Assert.That(Html(report), Does.Contain("–"));
    }

    [Test]
    public void Features_FewRequests_HaveNoIntervals()
    {
        var report = RoutingReport.Of([.. Requests(100).Select(request => request with { Feature = "usual" }), .. Requests(29).Select(request => request with { Feature = "rare" })]);

        Assert.That(report.Features.Select(section => (section.Feature, section["learned"].Apgr is null)), Is.EqualTo(new[] { ("usual", false), ("rare", true) }));
        Assert.That(Html(report), Does.Contain("fewer than 30").And.Contain("class=\"band\""));
        Assert.That(Html(RoutingReport.Of(Requests(29))), Does.Not.Contain("class=\"band\"").And.Not.Contain("The band is").And.Not.Contain("NaN"));
    }

    [Test]
    public void WriteHtml_AReport_IsOnePageWithoutScriptOrNetwork()
    {
        var html = Html(RoutingReport.Of(Requests(500)));

        Assert.That(html, Does.StartWith("<!DOCTYPE html>").And.Contain("<svg").And.Contain("prefers-color-scheme:dark").And.Contain("default-src 'none'"));
        Assert.That(html, Does.Not.Contain("<script").And.Not.Contain("http:").And.Not.Contain("https:").And.Not.Contain("url(").And.Not.Contain("NaN").And.Not.Contain("∞"));
        foreach (var name in (string[])["always weak", "always strong", "random", "length", "oracle", "learned", "keyword"])
            Assert.That(html, Does.Contain(name));
    }

    [Test]
    public void WriteHtml_AReport_DrawsInsideTheImage()
    {
        var html = Html(RoutingReport.Of(Requests(500)));

        var svg = XElement.Parse(html[html.IndexOf("<svg viewBox=\"0 0 900", StringComparison.Ordinal)..(html.IndexOf("</svg>", StringComparison.Ordinal) + 6)]);
        var places = svg.Descendants("path").SelectMany(path => path.Attribute("d")!.Value.Split('M', 'L', 'Z')).Where(place => place.Length > 0)
            .Select(place => Array.ConvertAll(place.Split(' '), part => double.Parse(part, CultureInfo.InvariantCulture))).ToList();
        Assert.That(places.Select(place => place[0]), Is.All.InRange(60, 880));
        Assert.That(places.Select(place => place[1]), Is.All.InRange(0, 401));
        Assert.That(svg.Elements("path").Count(), Is.EqualTo(6));
    }

    [Test]
    public void WriteHtml_HostileTexts_AreTexts()
    {
        const string hostile = "</title><script>alert('1')</script>\"<img src=x>";

        var html = Html(RoutingReport.Of(
            Requests(50).Select(request => request with { Feature = hostile, Scores = [KeyValuePair.Create(hostile, request.Scores[0].Value)] }),
            options => (options.Title, options.Note, options.CostUnit) = (hostile, hostile, hostile)));

        Assert.That(html, Does.Not.Contain("<script").And.Not.Contain("<img").And.Contain("&lt;script&gt;"));
    }

    [Test]
    public void WriteHtml_UnderADecimalComma_IsTheSame()
    {
        var report = RoutingReport.Of(Requests(200));
        var usual = Html(report);

        using var _ = new DecimalCommas();

        Assert.That(Html(report), Is.EqualTo(usual));
    }

    [Test]
    public void Of_WrongRequests_IsRefused()
    {
        var requests = Requests(3).ToList();

        Assert.That(() => RoutingReport.Of(requests.Take(1)), Throws.ArgumentException);
        Assert.That(() => RoutingReport.Of([requests[0], requests[1] with { Scores = [] }]), Throws.ArgumentException.With.Message.Contains("same policies"));
        Assert.That(() => RoutingReport.Of(requests.Select(request => request with { Scores = [KeyValuePair.Create("length", 1.0)] })), Throws.ArgumentException.With.Message.Contains("'length'"));
    }

    [Test]
    public void Of_TwoPolicies_HasPgrAndCptWithTheirIntervals()
    {
        var learned = RoutingReport.Of(Requests(1_000)).All["learned"];

        Assert.That(learned.Pgr!.Value.Value, Is.EqualTo((learned.Quality - RoutingReport.Of(Requests(1_000)).All["always weak"].Quality) / GapOf(1_000)).Within(1e-9));
        foreach (var interval in new[] { learned.Pgr.Value, learned.Cpt50!.Value, learned.Cpt80!.Value })
            Assert.That((interval.Low < interval.Value, interval.Value < interval.High), Is.EqualTo((true, true)));
        Assert.That(learned.Cpt80.Value.Value, Is.GreaterThan(learned.Cpt50.Value.Value));
        Assert.That(Html(RoutingReport.Of(Requests(1_000))), Does.Contain(FormattableString.Invariant($"<td>{learned.Cpt80.Value.Value:0.0%}<small>{learned.Cpt80.Value.Low:0.0%} to {learned.Cpt80.Value.High:0.0%}</small></td>")));
    }

    private static double GapOf(int count) => RoutingReport.Of(Requests(count)).All is var all ? all["always strong"].Quality - all["always weak"].Quality : 0;

    private static string Html(RoutingReport report)
    {
        using var writer = new StringWriter(CultureInfo.CurrentCulture);
        report.WriteHtml(writer);
        return writer.ToString();
    }

    // Hard requests overtax the weak model; the policy knows most of them, length knows none.
    private static IEnumerable<ReportedRequest> Requests(int count)
    {
        var chance = new Random(7);
        for (var i = 0; i < count; i++)
        {
            var isHard = chance.Next(2) == 0;
            yield return new()
            {
                Weak = chance.NextDouble() < (isHard ? 0.2 : 0.95) ? 1 : 0,
                Strong = chance.NextDouble() < 0.95 ? 1 : 0,
                PromptLength = chance.Next(1_000),
                Feature = isHard ? "proofs" : "words",
                Scores = [KeyValuePair.Create("learned", (isHard ? 0.6 : 0) + (0.5 * chance.NextDouble())), KeyValuePair.Create("keyword", chance.NextDouble())],
            };
        }
    }
}
