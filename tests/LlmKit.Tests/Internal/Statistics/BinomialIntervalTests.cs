using LlmKit.Internal.Statistics;
using NUnit.Framework;

namespace LlmKit.Tests.Internal.Statistics;

public sealed class BinomialIntervalTests
{
    // 1 - 0.05^(1/n) where nothing was found; the others from tables of the F distribution.
    [TestCase(0, 299, 0.0099688)]
    [TestCase(0, 59, 0.0495055)]
    [TestCase(0, 1, 0.95)]
    [TestCase(3, 100, 0.0757)]
    [TestCase(1, 10, 0.3942)]
    [TestCase(5, 5, 1)]
    [TestCase(0, 0, 1)]
    public void Upper_KnownCounts_IsTheBoundOfTheTables(long count, long of, double bound) =>
        Assert.That(BinomialInterval.Upper(count, of), Is.EqualTo(bound).Within(5e-5));

    [TestCase(10, 100, 0.0490, 0.1762)]
    [TestCase(0, 10, 0, 0.3085)]
    [TestCase(10, 10, 0.6915, 1)]
    [TestCase(1, 2, 0.0126, 0.9874)]
    public void TwoSided_KnownCounts_AreTheBoundsOfTheTables(long count, long of, double lower, double upper)
    {
        var interval = BinomialInterval.TwoSided(count, of);

        Assert.That(interval.Lower, Is.EqualTo(lower).Within(5e-5));
        Assert.That(interval.Upper, Is.EqualTo(upper).Within(5e-5));
    }

    [Test]
    public void Upper_AMillion_IsWhereTheNormalApproximationIs()
    {
        const double Share = 0.01;
        var normal = Share + (1.6448536 * Math.Sqrt(Share * (1 - Share) / 1e6));

        Assert.That(BinomialInterval.Upper(10_000, 1_000_000), Is.EqualTo(normal).Within(2e-6));
        Assert.That(BinomialInterval.Upper(0, 1_000_000), Is.EqualTo(-Math.Log(0.05) / 1e6).Within(1e-11));
        Assert.That(BinomialInterval.Upper(999_999, 1_000_000), Is.EqualTo(1 - (-Math.Log(0.95) / 1e6)).Within(1e-10));
    }

    [TestCase(0, 0.01, 299)]
    [TestCase(0, 0.02, 149)]
    [TestCase(0, 0.05, 59)]
    [TestCase(1, 0.01, 473)]
    [TestCase(3, 0.02, 386)]
    public void Needed_KnownCounts_IsTheFewestThatProveIt(long count, double limit, long needed)
    {
        Assert.That(BinomialInterval.Needed(count, limit), Is.EqualTo(needed));
        Assert.That(BinomialInterval.Upper(count, needed), Is.LessThanOrEqualTo(limit));
        Assert.That(BinomialInterval.Upper(count, needed - 1), Is.GreaterThan(limit));
    }

    // The definition itself: at the upper bound, so few or fewer are found with a probability of 5 %.
    [Test]
    public void Upper_AnyCount_LeavesFivePercentBelow()
    {
        foreach (var of in new[] { 1, 2, 7, 30, 200, 900 })
        {
            for (var count = 0; count < of; count += 1 + (of / 13))
                Assert.That(AtMost(count, of, BinomialInterval.Upper(count, of)), Is.EqualTo(0.05).Within(1e-8), $"{count} of {of}");
        }
    }

    [TestCase(-1, 5, 0.95)]
    [TestCase(6, 5, 0.95)]
    [TestCase(0, -1, 0.95)]
    [TestCase(0, 5, 0)]
    [TestCase(0, 5, 1)]
    [TestCase(0, 5, double.NaN)]
    public void Upper_ImpossibleCounts_AreRefused(long count, long of, double confidence) =>
        Assert.That(() => BinomialInterval.Upper(count, of, confidence), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static double AtMost(int count, int of, double share)
    {
        var (term, sum) = (of * Math.Log(1 - share), 0.0);
        for (var i = 0; i <= count; i++)
        {
            sum += Math.Exp(term);
            term += Math.Log((double)(of - i) / (i + 1)) + Math.Log(share / (1 - share));
        }

        return sum;
    }
}
