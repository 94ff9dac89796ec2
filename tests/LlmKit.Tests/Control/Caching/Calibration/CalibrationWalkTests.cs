using LlmKit.Control.Caching;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Calibration;

public sealed class CalibrationWalkTests
{
    private const int Runs = 600;

    // The promise itself: where every threshold is a little worse than the target, one is chosen in 5 % of all cases at most, however many are looked at.
    [TestCase(120)]
    [TestCase(1_500)]
    public void Choose_NoThresholdMeetsTheTarget_IsFooledSeldom(int pairs)
    {
        const double Target = 0.1;
        var random = new Random(7);

        var fooled = Enumerable.Range(0, Runs).Count(_ => CalibrationWalk.Choose(Draw(random, pairs, wrong: 0.105), pairs, Target, CacheGuards.Off).Chosen is not null);

        Assert.That(fooled / (double)Runs, Is.LessThanOrEqualTo(0.06));
    }

    [Test]
    public void Choose_EveryThresholdIsMuchBetter_IsProvedOften()
    {
        var random = new Random(7);

        var proved = Enumerable.Range(0, 100).Count(_ => CalibrationWalk.Choose(Draw(random, 1_500, wrong: 0.02), 1_500, 0.1, CacheGuards.Off).Threshold is <= 0.55);

        Assert.That(proved, Is.GreaterThan(80));
    }

    [Test]
    public void Choose_TargetMetBelowTheEndOfTheWalk_AsksForMoreThanThereAre()
    {
        double[] different = [0.99, 0.985, 0.98];

        var result = CalibrationWalk.Choose(new([.. Enumerable.Repeat(0.6, 95)], different, 95), 98, 0.1, CacheGuards.Off);

        Assert.That(result.Threshold, Is.EqualTo(0.5));
        Assert.That(CalibrationWalk.Choose(new([.. Enumerable.Repeat(0.6, 30), .. Enumerable.Repeat(0.97, 26)], different, 56), 59, 0.1, CacheGuards.Off).Needed, Is.GreaterThan(59));
    }

    private static PairScores Draw(Random random, int pairs, double wrong)
    {
        List<double> same = [];
        List<double> different = [];
        for (var i = 0; i < pairs; i++)
            (random.NextDouble() < wrong ? different : same).Add(0.5 + (0.5 * random.NextDouble()));
        same.Sort();
        different.Sort();
        return new([.. same], [.. different], same.Count);
    }
}
