using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Calibration;

public sealed class SemanticCacheCalibrationTests
{
    private const string Secret = "my diagnosis";

    [Test]
    public void Calibrate_EnoughRightHits_ChoosesTheLowestProvedThreshold()
    {
        var result = SemanticCacheCalibration.Calibrate([.. Pairs(200, 0.955, same: true), .. Pairs(100, 0.905, same: true), .. Pairs(60, 0.855, same: false)]);

        Assert.That(result.Threshold, Is.EqualTo(0.86));
        Assert.That(result.Chosen!.TrueHits, Is.EqualTo(300));
        Assert.That(result.HitRate, Is.EqualTo(300 / 360.0));
        Assert.That(result.WrongHitRate, Is.Zero);
        Assert.That(result.WrongHitBound, Is.LessThan(0.02));
        Assert.That(result.Needed, Is.Null);
    }

    [TestCase(299, 0.01, true)]
    [TestCase(298, 0.01, false)]
    [TestCase(59, 0.05, true)]
    [TestCase(58, 0.05, false)]
    public void Calibrate_RightHitsOnly_NeedsTheNumberThatProvesIt(int hits, double target, bool isProved)
    {
        var result = SemanticCacheCalibration.Calibrate(Pairs(hits, 0.97, same: true), target);

        Assert.That(result.Threshold is not null, Is.EqualTo(isProved));
        Assert.That(result.Needed, Is.EqualTo(isProved ? null : (long?)(hits + 1)));
    }

    [Test]
    public void Calibrate_WrongHitsAboveTheTarget_ProvesNothingAndAsksForNoMoreLabels()
    {
        var result = SemanticCacheCalibration.Calibrate([.. Pairs(100, 1, same: true), .. Pairs(100, 1, same: false)]);

        Assert.That(result.Chosen, Is.Null);
        Assert.That(result.Needed, Is.Null);
    }

    [Test]
    public void Calibrate_AThresholdThatBreaksTheTarget_EndsTheWalk()
    {
        // At 0.90 too many are wrong; at 0.80 so many right ones follow that the bound holds again, which would be the luck of many tries.
        var result = SemanticCacheCalibration.Calibrate([.. Pairs(300, 0.955, same: true), .. Pairs(20, 0.905, same: false), .. Pairs(5_000, 0.805, same: true)], 0.03);

        Assert.That(result.Curve.Single(point => point.Threshold == 0.8).WrongHitBound, Is.LessThan(0.03));
        Assert.That(result.Threshold, Is.EqualTo(0.91));
    }

    [Test]
    public void Calibrate_LabelsInPlenty_BearsASingleWrongOne()
    {
        var result = SemanticCacheCalibration.Calibrate([.. Pairs(160, 0.995, same: true), .. Pairs(1, 0.995, same: false), .. Pairs(1_000, 0.955, same: true)]);

        Assert.That(result.Threshold, Is.EqualTo(0.5));
    }

    [Test]
    public void Calibrate_Curve_HasTheGridAndCountsEachPairOnce()
    {
        var result = SemanticCacheCalibration.Calibrate([.. Pairs(3, 0.7, same: true), .. Pairs(2, 0.6, same: false), .. Pairs(1, 0.2, same: true)]);

        Assert.That(result.Curve.Select(point => point.Threshold), Is.EqualTo(Enumerable.Range(50, 51).Select(hundredths => hundredths / 100.0)));
        var point = result.Curve.Single(point => point.Threshold == 0.6);
        Assert.That((point.TrueHits, point.WrongHits, point.Precision, point.Recall), Is.EqualTo((3, 2, 0.6, 0.75)));
        Assert.That(point.PrecisionInterval.Lower, Is.LessThan(0.6).And.GreaterThan(0.1));
        Assert.That(result.Curve[^1].Precision, Is.Null);
        Assert.That(result.Curve[^1].PrecisionInterval, Is.EqualTo((0.0, 1.0)));
    }

    [Test]
    public void Calibrate_Guards_TakeForbiddenPairsOutOfTheHits()
    {
        LabelledPair[] pairs = [new("Pay 5 euros", "Pay 6 euros", false, 0.99), .. Pairs(200, 0.99, same: true)];

        Assert.That(SemanticCacheCalibration.Calibrate(pairs).Curve[0].WrongHits, Is.Zero);
        Assert.That(SemanticCacheCalibration.Calibrate(pairs, guards: CacheGuards.Off).Curve[0].WrongHits, Is.EqualTo(1));
    }

    [Test]
    public async Task CalibrateAsync_MissingSimilarities_AreComputedOncePerTextAndGivenOnesKept()
    {
        using var embedder = new LexicalEmbeddingGenerator();
        LabelledPair[] pairs = [new("reset my password", "reset my password", true), new("reset my password", "bake a cake", false), new("a", "b", true, 0.6)];

        var result = await SemanticCacheCalibration.CalibrateAsync(pairs, embedder, guards: CacheGuards.Off);

        Assert.That(result.Curve[^1].TrueHits, Is.EqualTo(1));
        Assert.That(result.Curve.Single(point => point.Threshold == 0.6).TrueHits, Is.EqualTo(2));
        Assert.That(result.Curve[0].WrongHits, Is.Zero);
    }

    [Test]
    public void CalibrateAsync_VectorWithoutDirection_IsRefusedWithoutTheText()
    {
        using var embedder = new LexicalEmbeddingGenerator();

        Assert.That(
            async () => await SemanticCacheCalibration.CalibrateAsync([new(Secret, " ", true)], embedder),
            Throws.InvalidOperationException.With.Message.Contains("direction").And.Message.Not.Contains(Secret));
    }

    [TestCase(double.NaN)]
    [TestCase(1.01)]
    [TestCase(-1.01)]
    [TestCase(double.PositiveInfinity)]
    public void Calibrate_ImpossibleSimilarity_IsRefusedWithoutTheText(double similarity) => Assert.That(
        () => SemanticCacheCalibration.Calibrate([new(Secret, Secret, true, similarity)]),
        Throws.ArgumentException.With.Message.Contains("cosine").And.Message.Not.Contains(Secret));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(-0.1)]
    [TestCase(double.NaN)]
    public void Calibrate_ImpossibleTarget_IsRefused(double target) =>
        Assert.That(() => SemanticCacheCalibration.Calibrate(Pairs(1, 0.9, same: true), target), Throws.InstanceOf<ArgumentException>());

    [Test]
    public void Calibrate_PairsThatTeachNothing_AreRefused()
    {
        Assert.That(() => SemanticCacheCalibration.Calibrate([]), Throws.ArgumentException);
        Assert.That(() => SemanticCacheCalibration.Calibrate(null!), Throws.ArgumentNullException);
        Assert.That(() => SemanticCacheCalibration.Calibrate([null!]), Throws.ArgumentException);
        Assert.That(() => SemanticCacheCalibration.Calibrate([new(null!, Secret, true, 0.9)]), Throws.ArgumentException.With.Message.Not.Contains(Secret));
        Assert.That(() => SemanticCacheCalibration.Calibrate([new("a", "b", true)]), Throws.ArgumentException.With.Message.Contains("CalibrateAsync"));
        Assert.That(() => SemanticCacheCalibration.Calibrate(Pairs(1, 0.9, same: true), guards: (CacheGuards)9), Throws.InstanceOf<ArgumentException>());
    }

    private static LabelledPair[] Pairs(int count, double similarity, bool same) =>
        [.. Enumerable.Repeat(new LabelledPair("How do I reset my password?", "How can I reset the password?", same, similarity), count)];
}
