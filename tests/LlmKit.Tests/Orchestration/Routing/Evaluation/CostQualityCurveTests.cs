using LlmKit.Orchestration.Routing.Evaluation;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Evaluation;

public sealed class CostQualityCurveTests
{
    // Four requests: only the strong model can do the first two, both the third, neither the fourth.
    private static readonly (double Weak, double Strong)[] s_answers = [(0, 1), (0, 1), (1, 1), (0, 0)];

    [Test]
    public void Of_ScoresInTheBestOrder_RecoversTheGapFirst()
    {
        var curve = Curve(4, 3, 2, 1);

        Assert.That(curve.Points.Select(point => (point.StrongShare, point.Quality, point.Cost)), Is.EqualTo(new[] { (0, 0.25, 0), (0.25, 0.5, 0.25), (0.5, 0.75, 0.5), (0.75, 0.75, 0.75), (1, 0.75, 1) }));
        Assert.That(curve.Apgr, Is.EqualTo(0.75).Within(1e-12));
        Assert.That((curve.Cpt(0.5), curve.Cpt(0.75), curve.Cpt(1)), Is.EqualTo(((double?)0.25, (double?)0.375, (double?)0.5)));
        Assert.That((curve.Pgr(0), curve.Pgr(0.125), curve.Pgr(0.25), curve.Pgr(1)), Is.EqualTo(((double?)0, (double?)0.25, (double?)0.5, (double?)1)));
    }

    [Test]
    public void Of_EqualScores_AreTakenAsIfInRandomOrder()
    {
        var curve = Curve(1, 1, 1, 1);

        Assert.That(curve.Points, Has.Count.EqualTo(2));
        Assert.That(curve.Apgr, Is.EqualTo(0.5));
        Assert.That(curve.Cpt(0.8), Is.EqualTo(0.8).Within(1e-12));
    }

    [Test]
    public void Of_ScoresInTheWorstOrder_IsBelowRandom() => Assert.That(Curve(1, 2, 3, 4).Apgr, Is.EqualTo(0.25).Within(1e-12));

    [Test]
    public void Of_ModelsThatAreEquallyGood_HaveNoGapToRecover()
    {
        var curve = CostQualityCurve.Of([new(1, 1, 0), new(2, 0, 1)]);

        Assert.That((curve.Apgr, curve.Pgr(0.5), curve.Cpt(0.5), curve.ApgrInterval()), Is.EqualTo(((double?)null, (double?)null, (double?)null, (Interval?)null)));
    }

    [Test]
    public void ApgrInterval_ManyRandomScores_HoldsOneHalf()
    {
        var chance = new Random(8);
        var curve = CostQualityCurve.Of(Enumerable.Range(0, 2_000).Select(_ => new ScoredOutcome(chance.NextDouble(), chance.Next(2), chance.NextDouble() < 0.8 ? 1 : 0)));

        var interval = curve.ApgrInterval()!.Value;

        Assert.That(interval.Value, Is.EqualTo(curve.Apgr));
        Assert.That((interval.Low, interval.High), Is.EqualTo((0.5, 0.5)).Within(0.12));
        Assert.That((interval.Low < 0.5, interval.High > 0.5), Is.EqualTo((true, true)));
        Assert.That(curve.ApgrInterval(), Is.EqualTo(interval));
    }

    [Test]
    public void Of_NothingOrNoNumber_IsRefused()
    {
        Assert.That(() => CostQualityCurve.Of([]), Throws.ArgumentException.With.Message.Contains("no outcome"));
        Assert.That(() => CostQualityCurve.Of([new(double.NaN, 0, 1)]), Throws.ArgumentException.With.Message.Contains("finite"));
    }

    private static CostQualityCurve Curve(params double[] scores) =>
        CostQualityCurve.Of(scores.Zip(s_answers, (score, answer) => new ScoredOutcome(score, answer.Weak, answer.Strong)));
}
