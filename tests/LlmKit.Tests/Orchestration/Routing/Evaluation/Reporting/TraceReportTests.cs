using LlmKit.Calls;
using LlmKit.Orchestration.Routing.Evaluation;
using LlmKit.Orchestration.Routing.Evaluation.Traces;
using LlmKit.Orchestration.Routing.Policies;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Evaluation;

/// <summary>The page from a router's own traces.</summary>
public sealed class TraceReportTests
{
    private readonly RoutingPolicy _length = RoutingPolicies.Length("weak", "strong", threshold: 100);
    private readonly RoutingPolicy _hard = RoutingPolicies.Scored("hard", "1", "weak", "strong", 0.5, request => request.Feature == "proofs" ? 1 : 0);

    [Test]
    public void Of_OneSidedTraces_HasTheReplayAndNoCurve()
    {
        var report = RoutingReport.Of(new SyntheticLog(1).Draw(2_000), [_length.Exploring(0.05), _hard]);

        Assert.That((report.All.Count, report.All.Lines.Count, report.Features.Count), Is.EqualTo((0, 0, 0)));
        Assert.That(report.Replay!.Policies.Select(policy => policy.Name), Is.EqualTo(["length", "hard"]));
        var html = Html(report);
        Assert.That(html, Does.Contain("2,000 decisions").And.Contain("hard").And.Contain("proofs").And.Contain("doubly robust").And.Not.Contain("<svg").And.Not.Contain("NaN"));
        Assert.That(html, Does.Contain(FormattableString.Invariant($"{report.Replay.Policies[1].Quality.Low:0.0%} to {report.Replay.Policies[1].Quality.High:0.0%}")));
    }

    [Test]
    public void Of_TracesWithShadows_HasTheCurveBesideEveryBaseline()
    {
        var traces = new SyntheticLog(1).Draw(1_000, withShadows: true);

        var report = RoutingReport.Of(traces, [_hard.Exploring(0.1), _length, RoutingPolicies.Pin("strong")], options => options.CostUnit = "EUR");

        Assert.That(report.Replay!.Estimator, Is.EqualTo(ReplayEstimator.Paired));
        Assert.That(report.All.Lines.Select(line => line.Policy), Is.EqualTo(["always weak", "hard", _length.ToString(), "length", "random", "oracle", "always strong"]));
        Assert.That((report.All.Count, report.All["always weak"].Cost, report.All["always strong"].Cost), Is.EqualTo((1_000, 1.0, 10.0)));
        Assert.That(report.All["always strong"].Quality, Is.GreaterThan(report.All["always weak"].Quality));
        Assert.That(report.All["hard"].Apgr!.Value.Low, Is.GreaterThan(0.6));
        Assert.That(report.All[_length.ToString()].Apgr, Is.EqualTo(report.All["length"].Apgr));
        Assert.That(Html(report), Does.Contain("<svg").And.Contain("mean cost of a request, USD").And.Not.Contain("EUR").And.Not.Contain("NaN"));
    }

    [Test]
    public void Of_ShadowsOfSome_DrawsTheCurveOfThose()
    {
        RoutingTrace[] traces = [.. new SyntheticLog(1).Draw(1_000, withShadows: true).Select((trace, index) => index % 4 == 0 ? trace with { Shadows = Unpriced(trace) } : trace with { Shadows = null })];

        var report = RoutingReport.Of(traces, [_hard]);

        Assert.That((report.Replay!.Estimator, report.Replay.Count, report.All.Count), Is.EqualTo((ReplayEstimator.DoublyRobust, 1_000, 250)));
        Assert.That((report.All["always strong"].Cost, report.All["hard"].Cost), Is.EqualTo((1.0, report.All["hard"].StrongShare)));
    }

    [Test]
    public void Of_ShadowsOfSeveralModels_NeedsTheirNames()
    {
        RoutingTrace[] traces = [.. new SyntheticLog(1).Draw(200, withShadows: true).Select(trace => trace with { Shadows = new Dictionary<string, ShadowOutcome>(trace.Shadows!) { ["third"] = new(1) } })];

        Assert.That(RoutingReport.Of(traces, [_hard]).All.Count, Is.Zero);
        var named = RoutingReport.Of(traces, [_hard], options => (options.WeakModel, options.StrongModel) = ("weak", "third"));

        Assert.That((named.All.Count, named.All["always strong"].Quality), Is.EqualTo((200, 1.0)));
    }

    [Test]
    public void Of_PoliciesOfSeveralScores_HaveNoCurve() =>
        Assert.That(RoutingReport.Of(new SyntheticLog(1).Draw(200, withShadows: true), [RoutingPolicies.When(request => request.Feature == "proofs", _hard, _length), RoutingPolicies.Pin("weak")]).All.Count, Is.Zero);

    [Test]
    public void Of_TooFewAtACallSite_SaysSo()
    {
        var traces = new SyntheticLog(1).Draw(400);

        Assert.That(Html(RoutingReport.Of([.. traces, traces[0] with { Id = "x", Feature = "<rare>" }], [_hard])), Does.Contain("too few").And.Contain("&lt;rare&gt;").And.Not.Contain("<rare>"));
    }

    [Test]
    public void Of_ALogWithoutPropensities_IsRefused() =>
        Assert.That(() => RoutingReport.Of(new SyntheticLog(1).Draw(100).Select(trace => trace with { Propensity = null }), [_hard]), Throws.InstanceOf<ReplayRefusedException>());

    [Test]
    public void WriteHtml_UnderADecimalComma_IsTheSame()
    {
        var report = RoutingReport.Of(new SyntheticLog(1).Draw(300, withShadows: true), [_hard, _length]);
        var usual = Html(report);

        using var _ = new DecimalCommas();

        Assert.That(Html(report), Is.EqualTo(usual));
    }

    private static Dictionary<string, ShadowOutcome> Unpriced(RoutingTrace trace) => trace.Shadows!.ToDictionary(shadow => shadow.Key, shadow => shadow.Value with { Cost = null });

    private static string Html(RoutingReport report)
    {
        using var writer = new StringWriter(System.Globalization.CultureInfo.CurrentCulture);
        report.WriteHtml(writer);
        return writer.ToString();
    }
}
