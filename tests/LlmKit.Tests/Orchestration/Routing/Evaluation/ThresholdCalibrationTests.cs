using LlmKit.Internal.Statistics;
using LlmKit.Orchestration.Routing.Evaluation;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Evaluation;

public sealed class ThresholdCalibrationTests
{
    private const double Floor = 0.95;

    [Test]
    public void ForQualityFloor_AScoreThatKnows_SendsOnlyWhatIsNeeded()
    {
        var calibration = ThresholdCalibration.ForQualityFloor(Enumerable.Range(0, 1_000).Select(index => new ScoredOutcome(index % 4 == 0 ? 1 : 0, index % 4 == 0 ? 0 : 1, 1)), Floor);

        Assert.That((calibration.IsFeasible, calibration.Point.StrongShare, calibration.Point.Threshold), Is.EqualTo((true, 0.25, 1.0)));
        Assert.That(calibration.Slack, Is.GreaterThanOrEqualTo(0));
        Assert.That((calibration.Count, calibration.Confidence), Is.EqualTo((1_000, 0.95)));
    }

    [Test]
    public void ForQualityFloor_AWeakModelThatIsAsGood_NeedsNoStrongOne()
    {
        var calibration = ThresholdCalibration.ForQualityFloor(Enumerable.Range(0, 1_000).Select(index => new ScoredOutcome(index, 1, 1)), Floor);

        Assert.That((calibration.IsFeasible, calibration.Point.StrongShare), Is.EqualTo((true, 0.0)));
    }

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(20)]
    public void ForQualityFloor_FewRequestsThatGoWell_ProveNothing(int count)
    {
        ScoredOutcome[] outcomes = [.. Enumerable.Range(0, count).Select(index => new ScoredOutcome(index, 1, 1))];

        Assert.That(ThresholdCalibration.ForQualityFloor(outcomes, Floor).Point.StrongShare, Is.EqualTo(1));
        Assert.That(ThresholdCalibration.ForLeastQuality(outcomes, 0.9).IsFeasible, Is.False);
    }

    [Test]
    public void ForQualityFloor_TheWholeOfTheStrongModels_IsKeptByThatAlone()
    {
        var calibration = ThresholdCalibration.ForQualityFloor([new(1, 0, 1), new(2, 1, 1), new(3, 0, 1)], 1);

        Assert.That((calibration.IsFeasible, calibration.Point.StrongShare), Is.EqualTo((true, 1.0)));
    }

    [Test]
    public void ForLeastQuality_MoreThanTheStrongModelReaches_IsInfeasibleAndGivesTheNearest()
    {
        var calibration = ThresholdCalibration.ForLeastQuality(Draw(new(6), 1_000), 0.95);

        Assert.That(calibration.IsFeasible, Is.False);
        Assert.That(calibration.Slack, Is.InRange(-0.3, 0));
        Assert.That(calibration.Point.StrongShare, Is.GreaterThan(0.8));
    }

    [Test]
    public void ForLeastQuality_WhatIsReached_IsKept()
    {
        var calibration = ThresholdCalibration.ForLeastQuality(Draw(new(6), 4_000), 0.7);

        Assert.That(calibration.IsFeasible, Is.True);
        Assert.That(calibration.Point.Quality, Is.InRange(0.7, 0.75));
        Assert.That(calibration.Point.StrongShare, Is.LessThan(0.9));
    }

    // What one would do without thinking misses about half of the time: the threshold was chosen because it looked good.
    [Test]
    public void ForQualityFloor_OnOthersThanItWasChosenOn_IsMissedRarely()
    {
        var missed = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var chance = new Random(seed);
            var point = ThresholdCalibration.ForQualityFloor(Draw(chance, 1_000), Floor).Point;
            var others = Draw(chance, 20_000);
            var quality = others.Average(outcome => outcome.Score >= point.Threshold ? outcome.Strong : outcome.Weak);
            missed += quality < Floor * others.Average(outcome => outcome.Strong) ? 1 : 0;
        }

        Assert.That(missed, Is.LessThanOrEqualTo(16));
    }

    [Test]
    public void ForCostCeiling_AMeanCost_IsKeptAtTheBound()
    {
        var calibration = ThresholdCalibration.ForCostCeiling(Draw(new(5), 4_000), ceiling: 0.35);

        Assert.That(calibration.IsFeasible, Is.True);
        Assert.That(calibration.Point.Cost, Is.InRange(0.32, 0.35));
    }

    [Test]
    public void ForCostCeiling_BelowTheWeakModelsCost_IsInfeasibleAndGivesTheWeakModel()
    {
        var calibration = ThresholdCalibration.ForCostCeiling([new(1, 0, 1) { WeakCost = 0.5 }, new(2, 1, 1) { WeakCost = 0.5 }], ceiling: 0.4);

        Assert.That((calibration.IsFeasible, calibration.Point.StrongShare), Is.EqualTo((false, 0.0)));
    }

    [TestCase(0.5)]
    [TestCase(1)]
    [TestCase(double.NaN)]
    public void ForQualityFloor_NoConfidence_IsRefused(double confidence) =>
        Assert.That(() => ThresholdCalibration.ForQualityFloor([new(1, 0, 1)], Floor, confidence), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(0.5, 0)]
    [TestCase(0.95, 1.644854)]
    [TestCase(0.975, 1.959964)]
    [TestCase(0.999, 3.090232)]
    [TestCase(0.025, -1.959964)]
    public void NormalQuantile_KnownProbabilities_AreThoseOfTheTables(double probability, double expected) =>
        Assert.That(NormalQuantile.Of(probability), Is.EqualTo(expected).Within(1e-4));

    private static ScoredOutcome[] Draw(Random chance, int count) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        var difficulty = chance.NextDouble();
        return new ScoredOutcome(difficulty + (0.3 * chance.NextDouble()), chance.NextDouble() > difficulty ? 1 : 0, chance.NextDouble() > 0.4 * difficulty ? 1 : 0);
    })];
}
