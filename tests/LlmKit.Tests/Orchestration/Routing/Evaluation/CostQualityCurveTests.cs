using LlmKit.Calls;
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
    public void Cpt_APartThatIsReachedExactly_IsReached()
    {
        // Four of five won: means of six would make 0.7999999999999999 of it, and the share that of the next one won.
        double[] strong = [1, 1, 1, 1, 0, 1];

        var curve = CostQualityCurve.Of(strong.Select((score, index) => new ScoredOutcome(-index, 0, score)));

        Assert.That(curve.Cpt(0.8), Is.EqualTo(4.0 / 6).Within(1e-12));
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

        Assert.That((curve.Apgr, curve.Pgr(0.5), curve.Cpt(0.5), curve.Intervals()), Is.EqualTo(((double?)null, (double?)null, (double?)null, (CurveIntervals?)null)));
    }

    [Test]
    public void Of_AGapThatIsARoundingError_IsNone()
    {
        // 0.1 and 0.2 more, and 0.3 less: nothing, but not in binary digits.
        var curve = CostQualityCurve.Of(Enumerable.Range(0, 20).SelectMany(index => new ScoredOutcome[] { new(index, 0.5, 0.6), new(index + 0.1, 0.5, 0.7), new(index + 0.2, 0.8, 0.5) }));

        Assert.That((curve.Apgr, curve.Pgr(0.5), curve.Cpt(0.5), curve.Intervals()), Is.EqualTo(((double?)null, (double?)null, (double?)null, (CurveIntervals?)null)));
    }

    [Test]
    public void Intervals_SamplesWhoseGapIsARoundingError_AreLeftOut()
    {
        // A few more won than lost: in one sample of ten as many.
        var curve = CostQualityCurve.Of(Enumerable.Range(0, 40).Select(index => index % 20 < 11 ? new ScoredOutcome(index, 0.5, 0.6) : new(index, 0.8, 0.7)));

        var intervals = curve.Intervals()!;

        foreach (var interval in new[] { intervals.Apgr, intervals.Pgr(0.25), intervals.Pgr(0.5), intervals.Pgr(0.75) })
            Assert.That((interval.Low, interval.High), Is.EqualTo((0.0, 0.0)).Within(1e3));
    }

    [Test]
    public void Intervals_FewRequests_AreNone()
    {
        Assert.That((Random(CurveIntervals.LeastCount - 1, seed: 8).Intervals(), CostQualityCurve.Of([new(1, 0, 1)]).Intervals()), Is.EqualTo(((CurveIntervals?)null, (CurveIntervals?)null)));
        Assert.That(Random(CurveIntervals.LeastCount, seed: 8).Intervals(), Is.Not.Null);
    }

    [Test]
    public void Intervals_ManyRandomScores_HoldTheTruth()
    {
        var curve = Random(2_000, seed: 8);

        var intervals = curve.Intervals(shares: [0, 0.3, 1], parts: [0.5, 0.8, 1])!;

        Assert.That((intervals.Apgr.Value, intervals.Pgr(0.3).Value, intervals.Cpt(0.8).Value), Is.EqualTo((curve.Apgr!.Value, curve.Pgr(0.3)!.Value, curve.Cpt(0.8)!.Value)));
        foreach (var (interval, truth) in new[] { (intervals.Apgr, 0.5), (intervals.Pgr(0.3), 0.3), (intervals.Cpt(0.5), 0.5), (intervals.Cpt(0.8), 0.8) })
        {
            Assert.That((interval.Low, interval.High), Is.EqualTo((truth, truth)).Within(0.15));
            Assert.That((interval.Low < truth, interval.High > truth), Is.EqualTo((true, true)));
        }

        Assert.That((intervals.Pgr(0), intervals.Pgr(1)), Is.EqualTo((new Interval(0, 0, 0), new Interval(1, 1, 1))));
        Assert.That(curve.Intervals()!.Cpt(0.8), Is.EqualTo(intervals.Cpt(0.8)));
        Assert.That(() => intervals.Cpt(0.7), Throws.InstanceOf<KeyNotFoundException>().With.Message.Contains("'0.7'"));
    }

    [Test]
    public void Intervals_ManyLogs_HaveTheTruthInsideAboutAsOftenAsTheySay()
    {
        var (pgr, cpt) = (0, 0);
        for (var seed = 0; seed < 100; seed++)
        {
            var intervals = Random(500, seed).Intervals(shares: [0.4], parts: [0.5], resamples: 200, seed: seed)!;
            pgr += Holds(intervals.Pgr(0.4), 0.4) ? 1 : 0;
            cpt += Holds(intervals.Cpt(0.5), 0.5) ? 1 : 0;
        }

        Assert.That((pgr, cpt), Is.EqualTo((94, 94)).Within(6));

        static bool Holds(Interval interval, double truth) => interval.Low <= truth && truth <= interval.High;
    }

    [Test]
    public void Intervals_AGapThatMayBeNone_SayOfCptThatItMayTakeAllRequests()
    {
        // One request more is won than lost: many samples have no gap, or the other way round.
        var curve = CostQualityCurve.Of(Enumerable.Range(0, 41).Select(index => new ScoredOutcome(index, index % 2 == 0 ? 0 : 1, index % 2 == 0 ? 1 : 0)));

        var intervals = curve.Intervals()!;

        Assert.That((intervals.Cpt(0.5).High, intervals.Cpt(0.8).High), Is.EqualTo((1.0, 1.0)));
        Assert.That(double.IsFinite(intervals.Apgr.Low + intervals.Apgr.High + intervals.Pgr(0.5).Low + intervals.Pgr(0.5).High), Is.True);
    }

    [TestCase(0.0)]
    [TestCase(1.1)]
    public void Intervals_APartThatCannotBe_IsRefused(double part) =>
        Assert.That(() => Curve(4, 3, 2, 1).Intervals(parts: [part]), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Of_NothingOrNoNumber_IsRefused()
    {
        Assert.That(() => CostQualityCurve.Of([]), Throws.ArgumentException.With.Message.Contains("no outcome"));
        Assert.That(() => CostQualityCurve.Of([new(double.NaN, 0, 1)]), Throws.ArgumentException.With.Message.Contains("finite"));
    }

    // Half of the weak model's answers are good and four fifths of the strong one's, whatever the score.
    private static CostQualityCurve Random(int count, int seed)
    {
        var chance = new Random(seed);
        return CostQualityCurve.Of(Enumerable.Range(0, count).Select(_ => new ScoredOutcome(chance.NextDouble(), chance.Next(2), chance.NextDouble() < 0.8 ? 1 : 0)));
    }

    private static CostQualityCurve Curve(params double[] scores) =>
        CostQualityCurve.Of(scores.Zip(s_answers, (score, answer) => new ScoredOutcome(score, answer.Weak, answer.Strong)));
}
